"""Classic BERTopic: UMAP and HDBSCAN (Grootendorst 2022), for comparison, where installed.

Behind the interface of the graph clusterer. The packages are an optional extra; they are looked for
and imported when somebody asks for this way, and never otherwise.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from themeloom.domain.errors import SynthesisError
from themeloom.domain.themes import Reason
from themeloom.engine import allow
from themeloom.engine.centroids import Labels, Vectors, centroids
from themeloom.engine.clustering import beside_known, place, theme_sizes
from themeloom.engine.partitions import Partition, by_size
from themeloom.engine.stages import COMPARING, FINDING, NAMING, Report

#: Import names of what UMAP and HDBSCAN bring, and of the two themselves.
_PACKAGES = {"umap": "umap-learn", "hdbscan": "hdbscan"}
_BROUGHT = ("numba", "llvmlite", "pynndescent")
#: BERTopic's defaults.
_NEIGHBOURS, _DIMENSIONS, _SMALLEST = 15, 5, 10


@dataclass
class ClassicClusterer:
    """Finds themes as stock BERTopic does: UMAP to 5 dimensions, then HDBSCAN.

    Args:
        weights: how often each text occurs, (n,).
        records: the record it is from, (n,).
        known: the known theme it carries already, (n,): 0 … k − 1, or −1. Those stay.
        seed: same texts in the same order and same seed give the same themes.
        themes: number of themes at most; None: as they come.
        report: progress, may raise to stop (between the steps, which cannot be stopped inside).
        smallest: texts of the smallest theme; None: BERTopic's default.

    Attributes (after ``fit``): those of ``clustering.GraphClusterer``; there is no graph, and no
    centres along it.
    """

    weights: NDArray[np.float64]
    records: NDArray[np.int64]
    known: Labels
    seed: int
    themes: int | None
    report: Report
    smallest: int | None = None
    labels_: Labels = field(init=False)
    reasons_: NDArray[np.object_] = field(init=False)
    tried_: list[Partition] = field(init=False, default_factory=list[Partition])
    one_thing_: bool = field(init=False, default=False)
    graph_: sparse.csr_array | None = field(init=False, default=None)
    centres_: Vectors | None = field(init=False, default=None)

    @property
    def least(self) -> int:
        """Return the number of texts that a new theme needs."""
        return max(2, self.smallest or _SMALLEST)

    def fit(self, vectors: Vectors, y: object = None) -> "ClassicClusterer":
        """Cluster unit ``vectors`` (n, width); ``y`` is ignored, BERTopic passes it."""
        umap, hdbscan = require()
        try:
            self._fit(np.ascontiguousarray(vectors, np.float32), umap, hdbscan)
        except TypeError as error:
            # BERTopic answers a TypeError by silently running everything again.
            raise RuntimeError(str(error)) from error
        self.report(NAMING, 0, 1)  # what BERTopic does next
        return self

    def _fit(self, vectors: Vectors, umap: Any, hdbscan: Any) -> None:
        self.report(COMPARING, 0, 1)
        count = len(vectors)
        few = umap.UMAP(
            n_neighbors=min(_NEIGHBOURS, count - 1),
            n_components=min(_DIMENSIONS, max(2, count - 2)),
            min_dist=0.0,
            metric="cosine",
            random_state=self.seed,
            n_jobs=1,  # what a seed asks for; said here, so that there is no warning
            init="spectral" if count > 2 * _NEIGHBOURS else "random",
        ).fit_transform(vectors)
        self.report(FINDING, 0, 1)
        least = min(round(self.least), max(2, count // 15))
        found: Labels = (
            hdbscan.HDBSCAN(
                min_cluster_size=least,
                metric="euclidean",
                cluster_selection_method="eom",
                core_dist_n_jobs=1,
            )
            .fit_predict(np.asarray(few, np.float64))
            .astype(np.int64)
        )
        if self.themes is not None:
            found = _merged(vectors, found, self.themes)
        labels = beside_known(vectors, found, self.known)
        if (self.known >= 0).any():
            homely = place(vectors, labels, np.where(found >= 0, self.known, 0), rounds=1)
            labels = np.where((labels < 0) & (found >= 0), homely, labels)
        self.labels_ = self._numbered(labels)
        self.reasons_ = np.full(len(labels), None, object)
        self.reasons_[self.labels_ < 0] = Reason.TOO_FAR

    def _numbered(self, labels: Labels) -> Labels:
        """Return labels without new themes of a single record, by size from the known ones on."""
        known = int(self.known.max()) + 1
        if not (labels >= 0).any():
            return labels
        small = (labels >= known) & (theme_sizes(labels, self.records, self.weights)[labels] < 2)
        fresh = by_size(np.where((labels >= known) & ~small, labels, -1))
        return np.where(fresh >= 0, fresh + known, np.where(small, -1, labels))


def require() -> tuple[Any, Any]:
    """Return the modules umap and hdbscan.

    Raises:
        SynthesisError: they are not installed; the hint has the line that installs them.
    """
    missing = [package for name, package in _PACKAGES.items() if not _there(name)]
    if missing:
        frozen = getattr(sys, "frozen", False)
        raise SynthesisError(
            f"Classic BERTopic needs {' and '.join(missing)}, which "
            f"{'is' if len(missing) == 1 else 'are'} not installed.",
            hint="It is no part of the installed program; run Themeloom from Python for it."
            if frozen
            else f"Run: {install_line()}",
        )
    allow(*_PACKAGES, *_BROUGHT)
    return import_module("umap"), import_module("hdbscan")


def install_line() -> str:
    """Return the command that installs what classic BERTopic needs."""
    return f"{sys.executable} -m pip install {' '.join(_PACKAGES.values())}"


def versions() -> dict[str, str]:
    """Return the versions of the packages of classic BERTopic."""
    return {package: version(package) for package in _PACKAGES.values()}


def _there(name: str, find: Callable[[str], object] = PathFinder.find_spec) -> bool:
    return name in sys.modules or find(name) is not None


def _merged(vectors: Vectors, labels: Labels, wanted: int) -> Labels:
    """Return labels of ``wanted`` parts at most: the most alike ones are put together."""
    count = int(labels.max()) + 1
    if count <= wanted or count < 2:
        return labels
    centres = centroids(vectors, labels, count).astype(np.float64)
    parts = fcluster(linkage(centres, "average", metric="cosine"), wanted, "maxclust") - 1
    return np.where(labels >= 0, parts[labels].astype(np.int64), -1)
