"""What `toolkit lab` refuses before it starts, and what it asks of Jupyter."""

import json
import os
import socket

import pytest

from toolkit.errors import ParameterError
from toolkit.running.lab import serve
from toolkit.settings import PROJECT


@pytest.fixture
def taken():
    with socket.socket() as held:
        held.bind((serve.HOST, 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_that_is_taken_is_named_with_what_to_do(taken):
    with pytest.raises(ParameterError, match=f"port {taken} is taken: give another one, as in --port 9000"):
        serve.find_port(taken)


def test_without_a_port_the_first_free_one_is_taken(taken, monkeypatch):
    monkeypatch.setattr(serve, "FIRST_PORT", taken)
    assert taken < serve.find_port() < taken + serve.TRIED


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root")
def test_root_must_say_that_it_is_meant(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(ParameterError, match=r"started by root.*--allow-root"):
        serve.serve_lab()


@pytest.mark.parametrize("name", ["notebooks/explor.ipynb", "README.md", "notebooks"])
def test_what_is_no_notebook_is_refused(name):
    with pytest.raises(
        ParameterError, match=r"no notebook .*expected a file such as notebooks/explore\.ipynb"
    ):
        serve.place_notebook(PROJECT / name)


def test_a_notebook_is_served_from_the_project_or_else_from_its_own_folder(tmp_path):
    (tmp_path / "我的.ipynb").touch()
    assert serve.place_notebook(tmp_path / "我的.ipynb") == (tmp_path, "我的.ipynb")
    assert serve.place_notebook(serve.NOTEBOOK) == (PROJECT, "notebooks/explore.ipynb")


def test_a_leaders_page_without_voila_says_what_to_install(monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(ParameterError, match="voila is not installed: pip install voila"):
        serve.serve_lab(allow_root=True, leader=True)


def test_the_server_serves_this_machine_alone_with_a_token():
    options = serve.set_server(PROJECT, 9000, "secret", "/lab")
    assert {
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=secret",
        "--ServerApp.port_retries=0",
    } <= set(options)


def test_the_settings_are_readable_and_ask_for_chinese():
    settings = json.loads((serve.HERE / "settings/overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": "zh_CN"}
    assert json.loads((serve.HERE / "settings/page_config.json").read_text(encoding="utf-8"))[
        "disabledExtensions"
    ]
