"""Mixed-integer programs in sparse rows, solved by HiGHS (Huangfu and Hall 2018)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from gis.errors import AllocationFailed

Amounts = NDArray[np.float64]
Positions = NDArray[np.int64]
Watch = Callable[[], object]
"""Called now and then while a program is solved; may raise to stop."""

_INTEGRAL = 1e-9
_STOPPED = ("kTimeLimit", "kInterrupt", "kSolutionLimit", "kIterationLimit")


@dataclass(frozen=True, eq=False)
class Found:
    """What a solver found: columns or None, their value, a bound on it, and why it stopped."""

    columns: Amounts | None
    bound: float
    value: float = np.nan
    infeasible: bool = False
    ended: bool = False
    """False when time ran out."""


class Program:
    """Columns and rows, put together piece by piece; the value is minimised."""

    def __init__(self) -> None:
        self._columns: list[tuple[Amounts, Amounts, Amounts, NDArray[np.bool_]]] = []
        self._rows: list[tuple[Amounts, Amounts]] = []
        self._entries: list[tuple[Positions, Positions, Amounts]] = []
        self.width = 0
        self.height = 0

    def columns(
        self, size: int, *, cost: object = 0.0, low: object = 0.0, high: object = 1.0, whole: bool
    ) -> int:
        """Add columns; the number of the first."""
        cost, low, high = (
            np.broadcast_to(np.asarray(values, dtype=np.float64), size)
            for values in (cost, low, high)
        )
        self._columns.append((cost, low, high, np.full(size, whole)))
        self.width += size
        return self.width - size

    def rows(
        self,
        size: int,
        entries: Sequence[tuple[NDArray[Any], NDArray[Any], object]],
        low: object = -np.inf,
        high: object = np.inf,
    ) -> None:
        """Add rows; entries are rows from 0, columns, and values or one for all."""
        for row, column, values in entries:
            self._entries.append(
                (
                    np.asarray(row, dtype=np.int64) + self.height,
                    np.asarray(column, dtype=np.int64),
                    np.broadcast_to(np.asarray(values, dtype=np.float64), np.shape(row)),
                )
            )
        self._rows.append(
            tuple(np.broadcast_to(np.asarray(side, dtype=np.float64), size) for side in (low, high))  # type: ignore[arg-type]
        )
        self.height += size

    def solved(
        self,
        seconds: float,
        *,
        gap: float = 0.0,
        start: tuple[Positions, Amounts] | None = None,
        watch: Watch = lambda: None,
    ) -> Found:
        """The least value; ``start`` are columns and their values to begin with.

        Raises
        ------
        AllocationFailed
            When the solver gives up for another reason than time.
        """
        if not self.width:
            kept = all((low <= 0).all() and (high >= 0).all() for low, high in self._rows)
            return Found(np.empty(0), 0.0, 0.0, infeasible=not kept, ended=True)
        if seconds <= 0:
            return Found(None, -np.inf)
        solver = _solver(seconds, gap)
        raised = _watched(solver, watch)
        solver.passModel(self._model())
        if start is not None:
            columns, values = start
            solver.setSolution(len(columns), columns.astype(np.int32), values.astype(np.float64))
        solver.run()
        if raised:
            raise raised[0]
        return _found(solver, bool(self._whole().any()))

    def _whole(self) -> NDArray[np.bool_]:
        return np.concatenate([part[3] for part in self._columns])

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.width, self.height
        for name, place in (("col_cost_", 0), ("col_lower_", 1), ("col_upper_", 2)):
            setattr(model, name, np.concatenate([part[place] for part in self._columns]))
        for name, place in (("row_lower_", 0), ("row_upper_", 1)):
            setattr(model, name, np.concatenate([part[place] for part in self._rows]))
        row, column, value = (
            (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
            if self._entries
            else (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        )
        table = coo_array((value, (row, column)), shape=(self.height, self.width)).tocsr()
        table.sort_indices()
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = table.indptr.astype(np.int32)
        model.a_matrix_.index_ = table.indices.astype(np.int32)
        model.a_matrix_.value_ = table.data
        if self._whole().any():
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[whole] for whole in self._whole().astype(int)]
        return model


def _solver(seconds: float, gap: float) -> highspy.Highs:
    solver = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("time_limit", float(seconds)),
        ("mip_rel_gap", float(gap)),
        ("mip_abs_gap", 1e-9),
        ("mip_feasibility_tolerance", _INTEGRAL),
    ):
        solver.setOptionValue(name, value)
    return solver


def _watched(solver: highspy.Highs, watch: Watch) -> list[BaseException]:
    """Ask ``watch`` while the solver runs; gets what it raised, and stops the solver."""
    raised: list[BaseException] = []

    def ask(event: Any) -> None:
        try:
            if not raised:
                watch()
        except BaseException as error:  # it must not cross the solver's own frames
            raised.append(error)
        if raised:
            event.interrupt()

    solver.cbMipInterrupt += ask
    solver.cbSimplexInterrupt += ask
    solver.cbIpmInterrupt += ask
    return raised


def _found(solver: highspy.Highs, whole: bool) -> Found:
    status = solver.getModelStatus()
    if status.name in ("kInfeasible", "kUnboundedOrInfeasible"):
        return Found(None, np.inf, infeasible=True, ended=True)
    ended = status.name == "kOptimal"
    if not ended and status.name not in _STOPPED:
        raise AllocationFailed(solver.modelStatusToString(status))
    info = solver.getInfo()
    feasible = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    columns = np.array(solver.getSolution().col_value) if feasible else None
    bound = info.mip_dual_bound if whole else info.objective_function_value if ended else -np.inf
    return Found(columns, float(bound), info.objective_function_value, ended=ended)
