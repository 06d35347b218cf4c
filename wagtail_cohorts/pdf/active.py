"""What counts as active content in a PDF, and the slugs and words by which it is reported when removed."""

from __future__ import annotations

from pypdf.generic import DictionaryObject

from .reader import as_dictionary, name_in

WORDS = {
    "javascript": "programs (JavaScript)",
    "open_action": "an action on opening",
    "additional_actions": "actions on pages or fields",
    "launch": "starting other programs",
    "remote_documents": "jumps into other files",
    "links": "links to web pages",
    "submit_form": "sending form data away",
    "import_data": "loading form data",
    "embedded_files": "attached files",
    "rich_media": "films, sound or 3D content",
    "xfa": "a dynamic XFA form",
    "external_streams": "content loaded from other files",
    "other_actions": "other actions",
    "form": "fillable form fields (their look is kept)",
    "annotations": "comments and marks (their look is kept)",
    "signatures": "earlier digital signatures (their look is kept)",
}

HARMLESS = frozenset({"form", "annotations", "signatures"})  # removed too, but nothing that runs or loads

ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/URI": "links",
    "/GoToR": "remote_documents",
    "/GoToE": "embedded_files",
    "/GoToDp": "other_actions",
    "/SubmitForm": "submit_form",
    "/ImportData": "import_data",
    "/ResetForm": "other_actions",
    "/Rendition": "rich_media",
    "/Movie": "rich_media",
    "/Sound": "rich_media",
    "/GoTo3DView": "rich_media",
    "/RichMediaExecute": "rich_media",
    "/Named": "other_actions",
    "/Hide": "other_actions",
    "/Thread": "other_actions",
    "/Trans": "other_actions",
    "/SetOCGState": "other_actions",
}

# Entries that are dropped from any dictionary: nothing a page needs in order to be seen is under them.
DROPPED = {
    "/AA": "additional_actions",
    "/OpenAction": "open_action",
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/URI": "links",
    "/XFA": "xfa",
    "/AcroForm": "form",
    "/EmbeddedFiles": "embedded_files",
    "/EF": "embedded_files",
    "/AF": "embedded_files",
    "/RichMediaContent": "rich_media",
    "/RichMediaSettings": "rich_media",
    "/Launch": "launch",
    "/OPI": "external_streams",
    "/Ref": "external_streams",
    "/Alternates": "",
    "/PieceInfo": "",
    "/Metadata": "",
    "/Thumb": "",
    "/LastModified": "",
    "/Annots": "",
    "/Perms": "",
    "/DSS": "",
}

ANNOTATIONS = {
    "/Widget": "form",
    "/Link": "",
    "/Popup": "",
    "/FileAttachment": "embedded_files",
    "/Sound": "rich_media",
    "/Movie": "rich_media",
    "/Screen": "rich_media",
    "/3D": "rich_media",
    "/RichMedia": "rich_media",
}


def action_slug(value: DictionaryObject) -> str:
    """The slug of an action dictionary, or "" for any other (a jump inside the file is no action here)."""
    kind = name_in(value, "/S")
    if kind not in ACTIONS:
        return ""
    if name_in(value, "/Type") == "/StructElem" or ("/P" in value and "/K" in value):
        return ""
    return ACTIONS[kind]


def annotation_slugs(annotation: DictionaryObject) -> set[str]:
    """What removing this annotation takes out of the file."""
    found = {ANNOTATIONS.get(name_in(annotation, "/Subtype"), "annotations")}
    if name_in(annotation, "/FT") == "/Sig" and "/V" in annotation:
        found.add("signatures")
    if "/AA" in annotation:
        found |= {"additional_actions"} | action_slugs(annotation, "/AA")
    found |= action_slugs(annotation, "/A")
    return found - {""}


def action_slugs(holder: DictionaryObject, key: str) -> set[str]:
    """The slugs of the action under this entry, or of the actions in the dictionary under it."""
    value = as_dictionary(dict.get(holder, key))
    below = {action_slug(as_dictionary(item)) for item in list(dict.values(value))[:50]}
    return ({action_slug(value)} | below) - {""}


def catalog_slugs(catalog: DictionaryObject) -> set[str]:
    """What the document's catalog holds that a clean copy will not."""
    found = {slug for key, slug in DROPPED.items() if key in catalog}
    found |= action_slugs(catalog, "/OpenAction") | action_slugs(catalog, "/AA")
    names = as_dictionary(dict.get(catalog, "/Names"))
    found |= {DROPPED[key] for key in ("/JavaScript", "/EmbeddedFiles") if key in names}
    if "/Renditions" in names:
        found.add("rich_media")
    form = as_dictionary(dict.get(catalog, "/AcroForm"))
    if "/XFA" in form:
        found.add("xfa")
    if "/Collection" in catalog:
        found.add("embedded_files")
    return found - {""}
