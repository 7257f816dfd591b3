"""ChatKit's events as the bytes of a stream."""

from __future__ import annotations

from dataclasses import dataclass
from json.encoder import encode_basestring

from chatkit.types import Annotation, ThreadStreamEvent

DELTA = (
    'data: {"type":"thread.item.updated","item_id":"%s","update":'
    '{"type":"assistant_message.content_part.text_delta","content_index":0,"delta":%s}}\n\n'
)
ANNOTATION = (
    'data: {"type":"thread.item.updated","item_id":"%s","update":'
    '{"type":"assistant_message.content_part.annotation_added","content_index":0,"annotation_index":%d,'
    '"annotation":%s}}\n\n'
)


@dataclass(slots=True)
class TextDelta:
    """More text of a message. Nearly all events are these: as the SDK's models they cost four times as much, and frozen
    ones are slower to make."""

    item_id: str
    text: str


@dataclass(frozen=True, slots=True)
class AnnotationAdded:
    """One citation more in a message, the `number`-th from 0. Most of the other events while an answer runs."""

    item_id: str
    number: int
    annotation: Annotation


Event = ThreadStreamEvent | TextDelta | AnnotationAdded


def write_event(event: Event) -> bytes:
    """One server-sent event, with what the SDK would leave out left out."""
    if isinstance(event, TextDelta):
        return (DELTA % (event.item_id, encode_basestring(event.text))).encode()
    if isinstance(event, AnnotationAdded):
        written = event.annotation.model_dump_json(by_alias=True, exclude_none=True)
        return (ANNOTATION % (event.item_id, event.number, written)).encode()
    return f"data: {event.model_dump_json(by_alias=True, exclude_none=True)}\n\n".encode()
