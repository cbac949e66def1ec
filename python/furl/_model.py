"""Models: the networks that streams are coded with."""

import json
import os
from ctypes import byref
from typing import Any, Union

from ._errors import check
from ._handle import Handle
from ._library import ModelInfo, lib


class Model(Handle):
    """A model, which any number of encoders and decoders share. Model() is the one inside the
    library."""

    _close_function = "furl_model_free"

    def __init__(self, path: "Union[str, os.PathLike[str], None]" = None) -> None:
        if path is None:
            super().__init__("furl_model_default")
        else:
            super().__init__("furl_model_from_file", os.fsencode(path))

    def _info(self) -> ModelInfo:
        info = ModelInfo()
        check(lib.furl_model_get_info(self.pointer, byref(info)))
        return info

    @property
    def id(self) -> str:
        """How streams name their model, in hexadecimal."""
        return str(self._info().id.decode())

    @property
    def name(self) -> str:
        return str(self._info().name.decode())

    @property
    def family(self) -> str:
        return str(self._info().family.decode())

    @property
    def card(self) -> "dict[str, Any]":
        """What the model's makers say of it."""
        text = self._info().card.decode()
        card: "dict[str, Any]" = json.loads(text) if text else {}
        return card
