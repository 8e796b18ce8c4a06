// What other people's verifier says of what Dure issued: cases on stdin, one verdict for each on stdout.
//
// In:  {contexts: {url: document}, documents: {url: document}, cases: [{document} or {token}]}
// Out: [{verified, why}]: in the order of the cases
import * as vc from "@digitalbazaar/vc";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import { contexts as credentials } from "@digitalbazaar/credentials-context";
import dataIntegrity from "@digitalbazaar/data-integrity-context";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { decodeProtectedHeader, importJWK, jwtVerify } from "jose";

const asked = JSON.parse(await text(process.stdin));
const known = new Map([...credentials, ...dataIntegrity.contexts]);
for (const [url, document] of Object.entries({ ...asked.contexts, ...asked.documents })) {
  if (!known.has(url)) known.set(url, document);
}
const suite = new DataIntegrityProof({ cryptosuite });
const verdicts = [];
for (const one of asked.cases) verdicts.push(await (one.token ? ofToken(one.token) : ofDocument(one.document)));
process.stdout.write(JSON.stringify(verdicts));

async function ofDocument(credential) {
  const found = await vc.verifyCredential({ credential, suite, documentLoader: load, checkStatus });
  const set = (found.statusResult?.results ?? []).filter(one => one.status).map(one => one.credentialStatus.statusPurpose);
  return { verified: found.verified && set.length === 0, why: set.join(", ") || reason(found) };
}

async function ofToken(token) {
  try {
    const { document } = await load(decodeProtectedHeader(token).kid);
    const key = await importJWK(await Ed25519Multikey.toJwk({ keyPair: await Ed25519Multikey.from(document) }), "EdDSA");
    const { payload } = await jwtVerify(token, key, { issuer: document.controller });
    return { verified: payload.issuer.id === document.controller, why: "" };
  } catch (wrong) {
    return { verified: false, why: String(wrong) };
  }
}

async function load(url) {
  const [did, fragment] = url.split("#");
  if (did.startsWith("did:key:")) return answer(url, fragment ? method(did, fragment) : controller(did));
  const document = known.get(url) ?? known.get(did);
  if (!document) throw new Error(`nothing at ${url}`);
  const named = fragment && document.verificationMethod?.find(one => one.id === url);
  return answer(url, named ? { "@context": "https://w3id.org/security/multikey/v1", ...named } : document);
}

function controller(did) {
  const only = method(did, did.slice("did:key:".length));
  return { "@context": "https://www.w3.org/ns/did/v1", id: did, verificationMethod: [only], assertionMethod: [only.id] };
}

function method(did, fragment) {
  const kind = { "@context": "https://w3id.org/security/multikey/v1", type: "Multikey" };
  return { ...kind, id: `${did}#${fragment}`, controller: did, publicKeyMultibase: fragment };
}

function answer(documentUrl, document) {
  return { contextUrl: null, documentUrl, document };
}

function reason(found) {
  return [found.error, ...(found.error?.errors ?? []), found.statusResult?.error].filter(Boolean).map(String).join("; ");
}

async function text(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}
