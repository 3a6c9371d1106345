"""Methods of a plugin's own, typed from annotations or from JSON Schema."""

import base64
import dataclasses
import enum
import inspect
import json
import types
import typing
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Callable, Literal, Optional, TypeVar, Union

from ..generated.faults import InvalidParams
from ._values import encode, time_from

Schema = dict[str, Any]
Convert = Optional[Callable[[Any], Any]]
Permission = Literal["public", "read", "operate", "admin"]
Method = TypeVar("Method", bound=Callable[..., Any])

Int64 = Annotated[int, {"format": "int64"}]
"""An integer of 64 bits; a plain ``int`` has 32."""

_SCALARS: dict[Any, tuple[Schema, Convert]] = {
    bool: ({"type": "boolean"}, None),
    int: ({"type": "integer"}, int),
    float: ({"type": "number"}, float),
    str: ({"type": "string"}, None),
    bytes: ({"type": "string", "contentEncoding": "base64"}, base64.b64decode),
    datetime: ({"type": "string", "format": "date-time"}, time_from),
    date: ({"type": "string", "x-xsd": "date"}, date.fromisoformat),
    Decimal: ({"type": "string", "x-xsd": "decimal"}, Decimal),
    Any: ({}, None),
    None: ({"type": "object", "properties": {}}, None),
    type(None): ({"type": "object", "properties": {}}, None),
}


def _schema_of(hint: Any) -> tuple[Schema, Convert]:
    """The JSON Schema of an annotation, and what makes the annotated type of a value that came; None: it is one.

    Raises TypeError for a type that no wire can carry.
    """
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        schema, convert = _schema_of(hint.__origin__)
        for more in hint.__metadata__:
            schema.update(more if isinstance(more, dict) else {"description": more} if isinstance(more, str) else {})
        return schema, convert
    if origin is None and hint in _SCALARS:
        schema, convert = _SCALARS[hint]
        return dict(schema), convert
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}, None
    if origin in (Union, getattr(types, "UnionType", Union)):
        others = [one for one in inner if one is not type(None)]
        if len(others) == 1:
            return _schema_of(others[0])
    if origin in (list, Sequence) or hint is list:
        items, convert = _schema_of(inner[0]) if inner else ({}, None)
        return {"type": "array", "items": items}, convert and (lambda values: [convert(one) for one in values])
    if origin is dict and inner == (str, str):
        return {"type": "object", "additionalProperties": {"type": "string"}}, None
    if origin is dict or hint is dict:
        return {"type": "object"}, None
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"type": "string", "enum": [one.value for one in hint]}, hint
    if dataclasses.is_dataclass(hint):
        members = dataclasses.fields(hint)
        needed = [of.name for of in members if of.default is of.default_factory is dataclasses.MISSING]
        schema, converts = _record(hint, needed)
        make = typing.cast(Callable[..., Any], hint)
        return schema, lambda value: make(**_converted(value, converts))
    if hasattr(hint, "__required_keys__"):
        schema, converts = _record(hint, sorted(hint.__required_keys__))
        return schema, (lambda value: _converted(value, converts)) if converts else None
    raise TypeError(f"No wire can carry {hint!r}.")


def _record(hint: Any, required: list[str]) -> tuple[Schema, dict[str, Callable[[Any], Any]]]:
    made = {name: _schema_of(of) for name, of in typing.get_type_hints(hint, include_extras=True).items()}
    schema = {"type": "object", "title": hint.__name__, "properties": {name: of for name, (of, _) in made.items()}}
    if required:
        schema["required"] = required
    return schema, {name: convert for name, (_, convert) in made.items() if convert}


def _converted(value: dict[str, Any], converts: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: converts[name](of) if name in converts else of for name, of in value.items()}


@dataclasses.dataclass(frozen=True)
class Published:
    """What is known of a published method."""

    name: str
    described: dict[str, Any]
    converts: dict[str, Callable[[Any], Any]]

    @property
    def service(self) -> str:
        return self.name.split(".")[0]

    def arguments(self, params: dict[str, Any]) -> dict[str, Any]:
        """The parameters as the method wants them. Raises InvalidParams for text that is no date or decimal."""
        if not self.converts:
            return params
        made = dict(params)
        for name, convert in self.converts.items():
            if name in made:
                try:
                    made[name] = convert(made[name])
                except (ValueError, ArithmeticError) as error:
                    raise InvalidParams(f"{self.name}: {name} cannot be read.", field=f"/{name}") from error
        return made


def _params_of(method: Callable[..., Any], hints: dict[str, Any]) -> tuple[Schema, dict[str, Callable[[Any], Any]]]:
    properties, required, converts = {}, [], {}
    for name, of in list(inspect.signature(method).parameters.items())[1:]:
        if name not in hints:
            raise TypeError(f"{method.__qualname__}: the parameter {name} has no annotation.")
        schema, convert = _schema_of(hints[name])
        if of.default is of.empty:
            required.append(name)
        elif of.default is not None:
            schema["default"] = json.loads(encode(of.default))
        properties[name] = schema
        if convert:
            converts[name] = convert
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}, converts


def published(
    name: str,
    *,
    changes: bool = True,
    permission: Optional[Permission] = None,
    returns: str = "",
    example: Optional[dict[str, Any]] = None,
    params: Optional[Schema] = None,
    result: Optional[Schema] = None,
) -> Callable[[Method], Method]:
    """Publish a method of a connector: callers of the daemon may call it as `name`, a service and a word.

    Types come from its annotations: ``bool``, ``int``, ``Int64``, ``float``, ``Decimal``, ``str``, ``bytes``, ``datetime``,
    ``date``, ``Literal`` and enums of words, lists, ``dict[str, str]``, TypedDicts, dataclasses and ``Any``. ``Annotated`` adds a
    description or, as a dict, words of JSON Schema: ``Annotated[str, "Which.", {"maxLength": 20}]``.

    Args:
        changes: Whether it changes something. Without, a call may be cancelled when its caller has gone.
        permission: Who may call it; ``operate`` when it changes something, else ``read``.
        returns: What the result means, for users.
        example: A call for the documentation: ``{"params": ..., "result": ...}``.
        params: JSON Schema of the parameters, in place of the annotations.
        result: JSON Schema of the result, in place of the annotation.
    """

    def decorate(method: Method) -> Method:
        hints = typing.get_type_hints(method, include_extras=True) if params is None or result is None else {}
        schema, converts = (params, {}) if params is not None else _params_of(method, hints)
        answer = result if result is not None else _schema_of(hints["return"])[0] if "return" in hints else None
        described = {
            "name": name.split(".", 1)[1],
            "doc": inspect.getdoc(method) or "",
            "changes": changes,
            "params": schema,
            "result": answer,
            "returns": returns or None,
            "permission": permission,
            "example": example,
        }
        kept = {word: of for word, of in described.items() if of is not None}
        method.__annelid_published__ = Published(name, kept, converts)  # type: ignore[attr-defined]
        return method

    return decorate
