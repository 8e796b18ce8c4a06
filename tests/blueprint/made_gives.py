"""Provisions and gives of made-up blueprints: every kind, to whoever the turn has."""

from decimal import Decimal

from tests.blueprint.made_known import Known

UNITS = {"compute": "gpu-hour", "model": "token", "data": "set", "space": "desk", "facility": "hour", "advice": "hour"}


class Gives(Known):
    def provision(self, kind):
        provision = {"type": kind, "from": "lead"}
        if self.maybe(4):
            return provision
        amount = self.one([12, 300, Decimal("2.5"), "bind"])
        if amount == "bind":
            self.bind[kind] = 40
        self.given.add(("provided", kind))
        per = self.one([{}, {"per": "unit"}, {"per": "entry"}])
        return provision | {"amount": amount, "unit": UNITS[kind]} | per

    def give(self):
        kind = self.one(["credential", "money", "privilege", "publish", "spawn", "role"])
        return {kind: getattr(self, f"give_{kind}")()}

    def to(self, *, persons=True):
        targets = ["passed", "entrants"]
        if persons and self.stage["kind"] == "event":
            targets.append("contacts")
        if persons and self.mentored:
            targets += ["mentor", "mentor"]
        return {"to": self.one(targets)} if self.maybe() else {}

    def give_credential(self):
        name = self.one(["Made badge", "Made title, first"])
        self.given.add(("credential", name))
        level = {"level": "option"} if self.one_option and self.maybe(3) else {}
        recognised = {"by": "school", "from": "2031-01-01", "before": "proof"}
        extra = self.one([{}, {"valid": "2y"}, {"recognised": recognised}])
        return {"name": name, "type": self.one(["badge", "title"]), **level, **extra}

    def give_privilege(self):
        kind = self.one(["interview", "talent pool"])
        self.given.add(("privilege", kind))
        return {"type": kind, "at": "lead", **self.to()}

    def give_publish(self):
        kind = "option" if self.one_option and self.maybe(3) else self.one(["report", "model"])
        self.given |= {("published", "any") if kind == "option" else ("published", kind)}
        once = {"once": True} if kind != "option" and self.maybe(3) else {}
        return {"type": kind, "where": "members", **once, **self.to(persons=False)}

    def give_spawn(self):
        self.given.add(("spawned", "research-internship"))
        return {"blueprint": "research-internship", **self.to(persons=False)}

    def give_role(self):
        return {"role": "mentor", **self.to()}

    def give_money(self):
        kind = self.one(["stipend", "grant", "prize"])
        self.given.add(("money", kind))
        prizes = self.prizes()
        money = {"type": kind, "from": "lead", **(prizes or self.amount(kind))}
        to = {} if prizes else self.to()
        return money | ({} if to.get("to") == "contacts" else to)

    def prizes(self):
        steps = [step for step in self.stage.get("gate", []) if "rank" in step or "panel" in step]
        if not steps or self.maybe():
            return {}
        bodies = [body for step in self.stage["gate"] for body in step.values() if isinstance(body, dict)]
        takes = [body["take"] for body in bodies if "take" in body]
        ranks = [1000000, 500000, 70001][: min(takes, default=3)]
        if not all(step.get("rank", {}).get("per") for step in steps):
            return {"ranks": ranks, "total": sum(ranks)}
        return {"ranks": ranks, "per": "option", "total": sum(ranks) * len(self.options)}

    def amount(self, kind):
        way = self.one(["amount", "amount", "pool"])
        money = {way: self.one([100000, 1000001, "bind"])}
        if money[way] == "bind":
            self.bind[kind] = 70007
        if way == "amount":
            money |= self.one([{}, {"per": "entry"}, {"per": "unit"}])
            money |= self.one([{}, {"months": 12}, {"months": 12, "every": "3m"}, {"months": 24, "every": "1y"}])
        if self.maybe(3):
            self.given.add(("lines", kind))
            money["lines"] = {"people": Decimal("0.6"), "things": Decimal("0.4")}
        return money
