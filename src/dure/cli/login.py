"""`dure login URL`: keep a token of a platform on this machine, for the commands that take part in rounds."""

import argparse
import sys
import webbrowser
from getpass import getpass
from urllib.parse import urlsplit

from dure.cli.main import DONE
from dure.cli.participating import address, language_of, print_json
from dure.client import Client
from dure.client.keeping import remember
from dure.core.errors import Flawed
from dure.core.text import Text

PAGE = "/me/account/tokens/"
HERE = {"localhost", "127.0.0.1", "::1"}
_PASTE = Text(
    ko="이 페이지에서 토큰을 발급해 붙여 넣으세요: {page}", en="Issue a token on this page and paste it here: {page}"
)
_NONE = Text(ko="토큰이 비어 있습니다. 다시 실행하세요.", en="There was no token. Run the command again.")
_IN = Text(
    ko="{name} 님으로 {url}에 로그인했습니다. 토큰은 {path}에 저장했습니다.",
    en="Signed in at {url} as {name}. The token is kept in {path}.",
)
_PLAIN = Text(
    ko="주의: 암호화되지 않은 주소입니다. 같은 네트워크의 다른 사람이 토큰을 읽을 수 있습니다. https를 쓰세요.",
    en="Beware: this address is not encrypted. Others on the network can read the token. Use https.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="the platform's address")
    parser.add_argument("--token", help="the token, for use without a terminal; - reads it from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lang", choices=("ko", "en"), help="the language of the sentences; default by LANG")


def run(options: argparse.Namespace) -> int:
    language, url = language_of(options), address(options.url)
    if url.startswith("http:") and urlsplit(url).hostname not in HERE:
        print(_PLAIN[language], file=sys.stderr)
    token = _token(options.token, url, language)
    name = Client(url, token, language=language).name()
    path = remember(url, token)
    if options.json:
        print_json({"url": url, "name": name, "path": str(path)})
    else:
        print(_IN.format(name=name, url=url, path=path)[language])
    return DONE


def _token(given: str | None, url: str, language: str) -> str:
    token = sys.stdin.readline() if given == "-" else given
    if token is None:
        print(_PASTE.format(page=url + PAGE)[language], file=sys.stderr)
        webbrowser.open(url + PAGE)
        token = getpass("Token: ")
    if not token.strip():
        raise Flawed("client.token", _NONE, errors=[])
    return token.strip()
