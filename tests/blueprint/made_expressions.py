"""Measures and expectations of made-up blueprints: sums of whatever can be counted."""

from decimal import Decimal

from tests.blueprint.made_known import Known


class Expressions(Known):
    def sum(self):
        terms = [self.term() for _ in range(self.whole(1, 3))]
        signs = [self.one(["+", "-", "*", "/"]) for _ in terms[1:]]
        return " ".join([terms[0], *(part for pair in zip(signs, terms[1:], strict=True) for part in pair)])

    def term(self):
        return self.one([self.counted, self.gift, self.gift, self.field, self.of_kind, self.number])()

    def number(self):
        return self.one(["2", "0.125", "parties", "-3", "(1 + 2)"])

    def counted(self):
        function = self.one(["in", "pass", "out", "people", "late", "days"])
        return f"{function}({self.one(self.stages)['id']})"

    def gift(self):
        if not self.given:
            return "1"
        function, name = self.one(sorted(self.given))
        return f"{function}({'any' if self.maybe(4) else name})"

    def field(self):
        name = self.one(sorted(self.left))
        stage, _, fact = name.partition(".")
        if self.left[name].sort == "number":
            return f"{self.one(['sum', 'mean'])}({stage}, {fact})"
        return f"share({stage}, {fact} {self.left[name].comparison(self.draw)})"

    def of_kind(self):
        stage = self.one(self.stages)
        if stage["kind"] == "learn":
            return f"{self.one(['items', 'sum_hours'])}({stage['id']})"
        if stage["kind"] == "work":
            return f"hours({stage['id']})"
        if f"{stage['id']}.option" in self.left:
            return f"{self.one(['options', 'per_option'])}({stage['id']})"
        return "holders(machine-learning)"

    def measures(self):
        return [
            {"id": "steady", "title": "A constant", "is": Decimal("12.5")},
            {"id": "made", "title": "A sum", "is": self.sum()},
            {"id": "on-it", "title": "On another", "is": f"made * 1000 + measure(steady) - {self.sum()}"},
            *(self.grouped(number) for number in range(3)),
        ]

    def grouped(self, number):
        name = self.one(sorted(self.left))
        bands = {"bands": self.left[name].bands()} if self.left[name].sort == "number" else {}
        return {"id": f"by-group-{number}", "title": "By group", "is": self.sum(), "by": name, **bands}
