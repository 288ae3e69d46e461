import { type EntityMetadata, type ValueTransformer } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { type CellType, type Dialect } from './dialect';
import { givenRows } from './given-rows';
import { type Query, type SqlValue } from './query';

/**
 * The step between rows and entities, in plain loops over TypeORM's own metadata: its query builder takes as long to
 * hydrate a page as SQLite takes to find it.
 */
export class Table<Entity extends object> {
  readonly name: string;
  private readonly whole: Selection;
  /** For as long as whoever asked for these properties keeps the set of their names. */
  private readonly parts = new WeakMap<ReadonlySet<string>, Selection>();
  private readonly writable: readonly ColumnMetadata[];

  constructor(
    private readonly entity: new () => Entity,
    metadata: EntityMetadata,
    private readonly dialect: Dialect,
  ) {
    this.name = metadata.tableName;
    this.writable = metadata.columns;
    this.whole = this.selectionOf(metadata.columns.filter(column => column.isSelect));
  }

  /**
   * Reads entities, in the order of their rows.
   * @param tail what stands behind the columns: `from …`, in which the table goes by its own name.
   * @param properties the ones to read; entities lack the others, so they are for showing, never for changing.
   */
  async select(
    query: Query,
    tail: string,
    parameters: readonly SqlValue[] = [],
    properties?: ReadonlySet<string>,
  ): Promise<readonly Entity[]> {
    const { columns, readers, names } = properties === undefined ? this.whole : this.partOf(properties);
    const { asJson } = this.dialect;
    const select = `select ${columns} ${tail}`;
    if (asJson === null) {
      const rows = await query<Readonly<Record<string, SqlValue>>>(select, parameters);
      return rows.map(row => this.read(readers, index => row[readers[index]?.column ?? ''] ?? null));
    }
    const rows = await query<readonly SqlValue[]>(asJson(names, select), parameters);
    return rows.map(cells => this.read(readers, index => cells[index] ?? null));
  }

  /** Property by property onto the entity itself: by way of a plain object a page took five times as long. */
  private read(readers: readonly CellReader[], cellAt: (index: number) => SqlValue): Entity {
    const entity = new this.entity();
    for (let index = 0; index < readers.length; index += 1) {
      const { property, from } = readers[index] as CellReader;
      const cell = cellAt(index);
      (entity as Record<string, unknown>)[property] = from === null ? cell : from(cell);
    }
    return entity;
  }

  private partOf(properties: ReadonlySet<string>): Selection {
    let part = this.parts.get(properties);
    if (part === undefined) {
      part = this.selectionOf(
        this.writable.filter(({ isSelect, propertyName }) => isSelect && properties.has(propertyName)),
      );
      this.parts.set(properties, part);
    }
    return part;
  }

  private selectionOf(columns: readonly ColumnMetadata[]): Selection {
    return {
      columns: columns.map(column => `${this.name}.${quote(column)}`).join(', '),
      names: columns.map(quote),
      readers: columns.map(({ propertyName, databaseName, transformer }) => ({
        property: propertyName,
        column: databaseName,
        from: isTransformer(transformer) ? value => transformer.from(value) as unknown : null,
      })),
    };
  }

  /** Inserts in the given order and returns the ids, which ascend in that order. */
  async insert(query: Query, entities: readonly Entity[]): Promise<readonly number[]> {
    if (entities.length === 0) return [];
    const rows = await this.insertReturning<{ id: number }>(query, entities, 'returning id');
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  }

  /**
   * The same for what others may be inserting just now: a row that meets another is left out.
   * @param key the column by which the inserted rows are told apart.
   * @returns the ids of those that are new, by their keys.
   */
  async insertNew(
    query: Query,
    entities: readonly Entity[],
    key: string,
  ): Promise<ReadonlyMap<string, number>> {
    if (entities.length === 0) return new Map();
    const ending = `on conflict do nothing returning id, ${key} as "key"`;
    const rows = await this.insertReturning<{ id: number; key: string }>(query, entities, ending);
    return new Map(rows.map(({ id, key: of }) => [of, id]));
  }

  private insertReturning<Row>(query: Query, entities: readonly Entity[], ending: string): Promise<Row[]> {
    // The store gives the id.
    const columns = this.writable.filter(column => !column.isPrimary);
    const row = `(${columns.map(() => '?').join(', ')})`;
    return query<Row>(
      `insert into ${this.name} (${columns.map(quote).join(', ')}) values ${entities.map(() => row).join(', ')} ${ending}`,
      entities.flatMap(entity => columns.map(column => cell(entity, column))),
    );
  }

  /**
   * Inserts rows that bring their ids, in the given order, however many they are: they cross to the database as one
   * JSON value, because thousands of parameters take longer than the insert.
   * @param rows values by the names of the entity's properties; what is absent becomes null.
   * @param ending what becomes of a row that meets another: by default all fail.
   */
  async load(
    query: Query,
    rows: readonly (object & { readonly id: number | string })[],
    ending: '' | 'on conflict do nothing' = '',
  ): Promise<void> {
    if (rows.length === 0) return;
    const values = this.writable.map((column, index) => this.dialect.cell('given', index, typeOf(column)));
    const cellReaders = this.writable.map(cellReader);
    await query(
      `insert into ${this.name} (${this.writable.map(quote).join(', ')})
        select ${values.join(', ')} from ${this.dialect.list('given')} where true ${ending}`,
      [JSON.stringify(rows.map(row => cellReaders.map(read => read(row))))],
    );
  }

  /**
   * Writes entities over their rows, each if its row is still at the version before the entity's; all in one
   * statement, to which they cross as one JSON value.
   * @param properties the ones to write, "version" among them: every index over a column that is named is written anew,
   * whether its value changes or not.
   * @returns how many were written: the others have moved on, and were left alone.
   */
  async update(
    query: Query,
    entities: readonly (Entity & { id: number; version: number })[],
    properties: ReadonlySet<string>,
  ): Promise<number> {
    if (entities.length === 0) return 0;
    const columns = this.writable.filter(
      ({ isPrimary, propertyName }) => isPrimary || properties.has(propertyName),
    );
    const readers = columns.map(cellReader);
    const { cells, list, parameters } = givenRows(
      this.dialect,
      columns.map(column => ({ type: typeOf(column), isRepeated: isCompared(column) })),
      entities.map(entity => readers.map(read => read(entity))),
    );
    const assignments = columns.flatMap((column, index) =>
      column.isPrimary ? [] : [`${quote(column)} = ${cells[index]}`],
    );
    const [id, version] = ['id', 'version'].map(
      name => cells[columns.findIndex(({ propertyName }) => propertyName === name)],
    );
    const rows = await query(
      `update ${this.name} set ${assignments.join(', ')} from ${list} ` +
        `where ${this.name}.id = ${id} and version = (${version}) - 1 returning ${this.name}.id`,
      parameters,
    );
    return rows.length;
  }
}

/** The tables of one store. Each is made once, in tens of microseconds: a request would need several. */
export class Tables {
  private readonly made = new Map<new () => object, Table<object>>();

  constructor(private readonly store: TableSource) {}

  of<Entity extends object>(entity: new () => Entity): Table<Entity> {
    const known = this.made.get(entity) as Table<Entity> | undefined;
    if (known !== undefined) return known;
    const table = new Table(entity, this.store.metadata(entity), this.store.dialect);
    this.made.set(entity, table);
    return table;
  }
}

interface TableSource {
  readonly dialect: Dialect;
  metadata(entity: new () => object): EntityMetadata;
}

/** Columns to read, and how. */
interface Selection {
  /** For `select`, qualified by the table's name. */
  readonly columns: string;
  readonly names: readonly string[];
  readonly readers: readonly CellReader[];
}

interface CellReader {
  readonly property: string;
  readonly column: string;
  /** Null where the cell is the property. */
  readonly from: ((cell: SqlValue) => unknown) | null;
}

function cell(entity: object, { propertyName, transformer }: ColumnMetadata): SqlValue {
  const value = (entity as Record<string, unknown>)[propertyName] ?? null;
  return (isTransformer(transformer) ? transformer.to(value) : value) as SqlValue;
}

/** The same as `cell`, for many rows: what TypeORM says of the column is looked up once. */
function cellReader({ propertyName, transformer }: ColumnMetadata): (entity: object) => SqlValue {
  const valueOf = (entity: object): unknown => (entity as Record<string, unknown>)[propertyName] ?? null;
  if (!isTransformer(transformer)) return entity => valueOf(entity) as SqlValue;
  return entity => transformer.to(valueOf(entity)) as SqlValue;
}

function typeOf({ type }: ColumnMetadata): CellType {
  return type === 'integer' ? 'integer' : 'text';
}

/** Whether an update looks by it for the row to write, so that its statement names it twice. */
function isCompared({ isPrimary, propertyName }: ColumnMetadata): boolean {
  return isPrimary || propertyName === 'version';
}

function quote({ databaseName }: ColumnMetadata): string {
  return `"${databaseName}"`;
}

function isTransformer(transformer: ColumnMetadata['transformer']): transformer is ValueTransformer {
  return transformer !== undefined && !Array.isArray(transformer);
}
