"""What has changed under a kept result since it was made."""

from __future__ import annotations

from collections.abc import Mapping

from gis.analysis import Provenance
from gis.grid import CRS
from layers.boundaries import gazetteer
from layers.catalogue import catalogue
from layers.gather import boundaries_use, villages_use
from layers.parameters import parameters_of
from layers.recorded import recorded
from layers.run import analysis_named
from layers.workspace import Workspace


def changed(provenance: Provenance, workspace: Workspace) -> tuple[str, ...]:
    """Ids of what a result used that has another content now, or is gone."""
    now = contents(provenance, workspace)
    return tuple(use.id for use in provenance.layers if now.get(use.id) != use.sha256)


def contents(provenance: Provenance, workspace: Workspace) -> Mapping[str, str]:
    """Fingerprints of layers, outlines and records as they are now."""
    places = gazetteer(workspace)
    found = {layer.id: layer.sha256 for layer in catalogue(workspace).layers.values()}
    found["boundaries"] = boundaries_use(places).sha256
    spec = analysis_named(provenance.analysis)
    roles = spec.roles(parameters_of(spec.parameters, provenance.parameters))
    communes = places.communes_of(provenance.areas).to_crs(CRS)
    villages = places.villages
    inside = villages.index[villages["commune"].isin(communes.index)]
    found["villages"] = villages_use(places, inside).sha256
    kept = recorded(roles, communes, workspace)
    found |= {variable: records.use.sha256 for variable, records in kept.items()}
    return found
