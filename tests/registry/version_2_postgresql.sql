CREATE TABLE imports (
    id SERIAL NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    kind VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    agreement VARCHAR NOT NULL,
    rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    example BOOLEAN NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    PRIMARY KEY (version)
);
CREATE TABLE changes (
    id SERIAL NOT NULL,
    import_id INTEGER NOT NULL,
    record_table VARCHAR NOT NULL,
    record_key VARCHAR NOT NULL,
    before JSON NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_changes_import_id ON changes (import_id);
CREATE TABLE events (
    reference VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    date DATE NOT NULL,
    commune VARCHAR NOT NULL,
    village VARCHAR,
    women INTEGER,
    men INTEGER,
    note VARCHAR,
    geometry BYTEA NOT NULL,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (reference),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_events_commune ON events (commune);
CREATE INDEX ix_events_import_id ON events (import_id);
CREATE TABLE names (
    code VARCHAR NOT NULL,
    spelling VARCHAR NOT NULL,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (code, spelling),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_names_import_id ON names (import_id);
CREATE TABLE plots (
    reference VARCHAR NOT NULL,
    commune VARCHAR NOT NULL,
    village VARCHAR,
    track VARCHAR NOT NULL,
    crop VARCHAR NOT NULL,
    cover_crop VARCHAR,
    since_year INTEGER,
    area_ha DOUBLE PRECISION NOT NULL,
    note VARCHAR,
    geometry BYTEA NOT NULL,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (reference),
    CONSTRAINT area_positive CHECK (area_ha > 0),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_plots_commune ON plots (commune);
CREATE INDEX ix_plots_import_id ON plots (import_id);
CREATE TABLE providers (
    reference VARCHAR NOT NULL,
    commune VARCHAR NOT NULL,
    village VARCHAR,
    organisation VARCHAR NOT NULL,
    since_year INTEGER,
    note VARCHAR,
    geometry BYTEA NOT NULL,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (reference),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_providers_commune ON providers (commune);
CREATE INDEX ix_providers_import_id ON providers (import_id);
CREATE TABLE villages (
    code VARCHAR NOT NULL,
    commune VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    name_km VARCHAR,
    geometry BYTEA NOT NULL,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (code),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_villages_commune ON villages (commune);
CREATE INDEX ix_villages_import_id ON villages (import_id);
CREATE TABLE machines (
    reference VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    machine VARCHAR NOT NULL,
    count INTEGER NOT NULL,
    crops VARCHAR NOT NULL,
    field_capacity_ha_day DOUBLE PRECISION,
    field_capacity_basis VARCHAR,
    note VARCHAR,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (reference),
    CONSTRAINT count_positive CHECK (count > 0),
    FOREIGN KEY(provider) REFERENCES providers (reference),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_machines_import_id ON machines (import_id);
CREATE INDEX ix_machines_provider ON machines (provider);
CREATE TABLE plot_seasons (
    reference VARCHAR NOT NULL,
    season VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    crop VARCHAR,
    cover_crop VARCHAR,
    principles VARCHAR,
    observed_by VARCHAR,
    observed_on DATE,
    note VARCHAR,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (reference, season, year),
    CONSTRAINT season_known CHECK (season IN ('early-wet', 'main-wet', 'dry')),
    CONSTRAINT status_known CHECK (status IN ('practised', 'partly', 'stopped', 'not-visited')),
    FOREIGN KEY(reference) REFERENCES plots (reference),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_plot_seasons_import_id ON plot_seasons (import_id);
CREATE TABLE requests (
    reference VARCHAR NOT NULL,
    crop VARCHAR NOT NULL,
    season VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    machine VARCHAR NOT NULL,
    hectares DOUBLE PRECISION NOT NULL,
    example BOOLEAN NOT NULL,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (reference, crop, season, year, machine),
    CONSTRAINT season_known CHECK (season IN ('early-wet', 'main-wet', 'dry')),
    CONSTRAINT hectares_positive CHECK (hectares > 0),
    FOREIGN KEY(reference) REFERENCES events (reference),
    FOREIGN KEY(import_id) REFERENCES imports (id)
);
CREATE INDEX ix_requests_import_id ON requests (import_id);
CREATE TABLE scenarios (
    name VARCHAR NOT NULL,
    analysis VARCHAR NOT NULL,
    areas JSON NOT NULL,
    parameters JSON NOT NULL,
    layers JSON NOT NULL,
    resolution_m DOUBLE PRECISION NOT NULL,
    software VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    created VARCHAR NOT NULL,
    saved_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    note VARCHAR NOT NULL,
    example BOOLEAN NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE weight_sets (
    name VARCHAR NOT NULL,
    track VARCHAR,
    weights JSON NOT NULL,
    criterion_weights JSON NOT NULL,
    judgements JSON NOT NULL,
    saved_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    PRIMARY KEY (name)
);
INSERT INTO schema_version (version) VALUES (2);
INSERT INTO imports (id, at, kind, file, sha256, owner, agreement, rows, added, changed, example)
VALUES (1, '2026-01-28 09:00:00.000000', 'villages', 'f.csv', '0', '', '', 1, 1, 0, FALSE);
INSERT INTO villages (code, commune, name_en, name_km, geometry, example, import_id)
VALUES ('02070406', '020704', 'Svay Sar', 'ស្វាយស', '\x0101000000CDCCCCCCCCB459409A99999999B92940', FALSE, 1);
INSERT INTO scenarios (name, analysis, areas, parameters, layers, resolution_m, software, run, created,
    saved_at, note, example)
VALUES ('Plan A', 'sites', '["0207"]', '{}', '[]', 90.0, 'deimap 0.1.0', '0123456789abcdef',
    '2026-02-01T08:00:00+00:00', '2026-02-01 09:00:00.000000', '', FALSE);
