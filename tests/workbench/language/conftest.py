import pytest

from workbench.language import PromptReader
from workbench.language.lexicon import Lexicon
from workbench.language.spelling import Speller


@pytest.fixture(scope="session")
def reader() -> PromptReader:
    return PromptReader.load()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.shipped()


@pytest.fixture(scope="session")
def speller(lexicon: Lexicon) -> Speller:
    return Speller.shipped(lexicon)
