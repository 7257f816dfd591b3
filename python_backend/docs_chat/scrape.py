"""What Prometheus gets when it asks: what was counted, and how things stand now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sized

from docs_index.errors import UserError
from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from docs_chat.budget import Budget
from docs_chat.metrics import EVENTS
from docs_chat.search import Searcher

logger = logging.getLogger("docs_chat")

BUDGET_SECONDS = 5.0


class Scrape(Collector):
    """Collects in a thread that is not the event loop's.

    :param streams: the answers that are being sent.
    """

    def __init__(self, searcher: Searcher, budget: Budget, streams: Sized) -> None:
        self.searcher = searcher
        self.budget = budget
        self.streams = streams
        #: The server's, once it runs.
        self.loop: asyncio.AbstractEventLoop | None = None
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def listen(self, host: str, port: int) -> None:
        """Answer on a port of its own, which readers cannot reach.

        :raises UserError: the port is taken or the address is not this machine's.
        """
        try:
            start_http_server(port, host, self.registry)
        except OSError as error:
            raise UserError(
                f"Port {port} on {host} cannot be used for metrics: {error.strerror or error}.",
                hint="Take another one: metrics.port, metrics.host.",
            ) from None

    def write(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self.registry)

    def collect(self) -> Iterable[Metric]:
        yield from EVENTS.collect()
        yield gauge("docs_chat_answers_running", "Answers that are being sent.", len(self.streams))
        index = self.searcher.index
        facts = GaugeMetricFamily("docs_chat_index_info", "The index in use.", labels=["snapshot", "embedder"])
        facts.add_metric([index.id, index.info.embedder], 1)
        yield facts
        yield gauge("docs_chat_index_parts", "Parts of pages in the index.", index.info.parts)
        name = "docs_chat_index_published_timestamp_seconds"
        yield gauge(name, "When the index in use was published.", index.published)
        kept = len(self.searcher.kept.opened)
        yield gauge("docs_chat_kept_indexes", "Snapshots of other builds that are open beside the live one.", kept)
        text = "1 while the index that was published last cannot be used."
        yield gauge("docs_chat_index_refused", text, int(self.searcher.refused is not None))
        left = GaugeMetricFamily("docs_chat_budget_left", "What is left of the day's budget.", labels=["unit"])
        for unit, amount in self.read_budget().items():
            left.add_metric([unit], amount)
        yield left

    def read_budget(self) -> dict[str, float]:
        """Nothing while it cannot be read: no number is better than an old one."""
        if self.loop is None:
            return {}
        reading = asyncio.run_coroutine_threadsafe(self.budget.left(), self.loop)
        try:
            return reading.result(BUDGET_SECONDS)
        except Exception as error:
            reading.cancel()
            logger.warning("The budget could not be read (%s)", type(error).__name__)
            return {}


def gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)
