"""The changes that make mutants of a module: one at a time, in its text, so that a mutant reads as a diff."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_SWAPS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+"}
_SMALL, _FAR = 3, 1000
"""A number that one more makes no matter to grows a thousandfold: a second becomes a quarter of an hour."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NO_BEHAVIOUR = {"annotation", "returns", "decorator_list", "bases"}
"""Fields of nodes that hold none."""

Change = tuple[ast.expr | ast.stmt, str]
"""A node, and what stands in its place."""


@dataclass(frozen=True)
class Mutant:
    """One change to a module: bytes `begin` to `end` replaced.

    `scope` is the qualified name of the function around it, empty outside of all: what stands in a class or
    module is no function's, and whatever the module does may show it.
    """

    scope: str
    begin: int
    end: int
    replacement: str

    def of(self, text: str) -> str | None:
        """Return the changed module, or None where that is no Python."""
        content = text.encode()
        changed = content[: self.begin] + self.replacement.encode() + content[self.end :]
        try:
            ast.parse(changed)
        except SyntaxError:
            return None
        return changed.decode()


def mutants(text: str) -> Iterator[Mutant]:
    """Yield the mutants of a module, in the order of its text."""
    lines = [0]
    for line in text.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node, scope in _nodes(ast.parse(text), ()):
        for place, replacement in _of_statement(node) if isinstance(node, ast.stmt) else _of_expression(node):
            begin = lines[place.lineno - 1] + place.col_offset
            end = lines[(place.end_lineno or 0) - 1] + (place.end_col_offset or 0)
            yield Mutant(".".join(scope), begin, end, replacement)


def _nodes(node: ast.AST, scope: tuple[str, ...]) -> Iterator[tuple[ast.expr | ast.stmt, tuple[str, ...]]]:
    """Yield what may be changed below a node, each with the names of its scope; a function ends them."""
    if isinstance(node, ast.ClassDef) or (isinstance(node, _SCOPES) and not _in_function(scope)):
        scope = (*scope, node.name) if isinstance(node, ast.ClassDef) else (*scope, node.name, "")
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            options = isinstance(node, ast.ClassDef) and field == "keywords"
            if not isinstance(child, ast.AST) or field in _NO_BEHAVIOUR or options or _left_alone(child):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child, scope[:-1] if _in_function(scope) else ()
            yield from _nodes(child, scope)


def _in_function(scope: tuple[str, ...]) -> bool:
    return scope[-1:] == ("",)


def _left_alone(node: ast.AST) -> bool:
    """Tell whether nothing in a node is changed: documentation, types, log; f-strings do not tell places."""
    match node:
        case ast.JoinedStr() | ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.ClassDef(bases=[ast.Name(id="Protocol")]):
            return True
        case _:
            return False


def _of_statement(node: ast.stmt) -> Iterator[Change]:
    match node:
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete() | ast.Return(value=None):
            yield node, "pass"
        case ast.AugAssign() | ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield node, "pass"
        case ast.Return(value=value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield node, "return None"
        case ast.If(test=test):
            yield test, "True"
            yield test, "False"
        case ast.While(test=test):
            yield test, "False"
        case _:
            return


def _of_expression(node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Constant(value=bool(value)):
            yield node, repr(not value)
        case ast.Constant(value=int() | float() as value):
            yield node, repr(value + 1 if abs(value) <= _SMALL else value * _FAR)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield node, f"({ast.unparse(left)} {_SWAPS[type(op)]} {ast.unparse(right)})"
        case ast.BoolOp(op=op, values=values):
            word = " or " if isinstance(op, ast.And) else " and "
            yield node, f"({word.join(f'({ast.unparse(value)})' for value in values)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            yield node, f"(({ast.unparse(left)}) {_SIGNS[type(op)]} ({ast.unparse(right)}))"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.IfExp(body=body, orelse=other):
            yield node, f"({ast.unparse(body)})"
            yield node, f"({ast.unparse(other)})"
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for test in (test for part in node.generators for test in part.ifs):
                yield test, "True"
        case _:
            return
