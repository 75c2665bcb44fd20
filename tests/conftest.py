"""The demo county, made once for all tests that need a whole one."""

import re
import shutil
from contextlib import ExitStack
from functools import cache

import pytest
from hypothesis import settings

import toolkit
from toolkit.demo.county import write_demo
from toolkit.preparing.run_file import read_run
from toolkit.running.batch import WRITTEN, run_batch
from toolkit.running.kernels import warm_process
from toolkit.running.source import DEMO_KEY
from toolkit.settings import PROJECT

DEMO_UNITS = ["县交通运输局", "苇渡乡"]

# An example takes as long as the machine lets it: no deadline. `make test` tries the same examples every time.
settings.register_profile("short", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None)  # and new ones each time
settings.load_profile("short")


WARM = ExitStack()


def pytest_sessionstart(session):
    """Every notebook's kernel is forked from one warm process; of processes side by side, each has its own."""
    if not session.config.getoption("numprocesses", None):
        WARM.enter_context(warm_process())


def pytest_sessionfinish():
    WARM.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Side by side, a file's tests stay together, and all files that look at the demo county, which is made once for them."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "the demo county" if asks_for_demo(file) else file

    return Scheduling(config, log)


@cache
def asks_for_demo(file):
    """Whether a file's tests take a fixture made of the demo, or the one that opens its pages."""
    text = (PROJECT / file).read_text(encoding="utf-8")
    made = r"\b(demo_(county|run|reports|again|loaded|tickets|findings)|open_page)\b"
    return file.endswith(".py") and bool(re.search(made, text))  # a notebook names a folder so


@pytest.fixture(scope="session")
def demo_county(tmp_path_factory):
    """The folder of the invented export and its list of planted problems."""
    return write_demo(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="session")
def demo_run(demo_county, tmp_path_factory):
    """The settings of the demo run, on that export, for two units."""
    settings = read_run(PROJECT / "parameters" / "demo.yml")
    folder = tmp_path_factory.mktemp("reports") / "demo"
    own = {"source": str(demo_county / "export"), "output": str(folder), "units": DEMO_UNITS}
    own |= {"roster": str(demo_county / "roster.xlsx"), "register_file": str(folder.parent / "督办台账.xlsx")}
    return settings.model_copy(update=own)


@pytest.fixture(scope="session")
def demo_reports(demo_run):
    """The folder of two units' reports and the county's, and the table of runs."""
    runs = run_batch(demo_run)
    assert runs["state"].eq(WRITTEN).all(), runs["error"].tolist()
    return runs, demo_run.output


@pytest.fixture(scope="session")
def demo_again(demo_run, demo_reports, tmp_path_factory):
    """The folder of a second run, of the first unit alone, over a copy of the first run."""
    folder = tmp_path_factory.mktemp("again") / "demo"
    shutil.copytree(demo_reports[1], folder)
    runs = run_batch(demo_run.model_copy(update={"output": str(folder), "units": DEMO_UNITS[:1]}))
    assert runs["state"].eq(WRITTEN).all(), runs["error"].tolist()
    return folder


@pytest.fixture(scope="session")
def demo_loaded(demo_run):
    """The demo county's export as it is read: tickets, the events of its flow log, the account."""
    return toolkit.load(demo_run.source, demo_run.as_of, key=DEMO_KEY)


@pytest.fixture(scope="session")
def demo_tickets(demo_run, demo_loaded):
    """The demo county's tickets, clocked with its flow log."""
    return toolkit.clock(demo_loaded.tickets, demo_run.policy, demo_run.as_of, demo_loaded.events)


@pytest.fixture(scope="session")
def demo_findings(demo_tickets, demo_loaded, demo_run):
    """What the rules find on the demo run's tickets: those of its period and those still unanswered."""
    watched = demo_run.period.holds(demo_tickets["received_at"]) | demo_tickets["answered_at"].isna()
    return toolkit.flag(demo_tickets, demo_run.policy, demo_loaded.events, among=watched)
