import { type ValueTransformer } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { type Database } from './database';
import { type CellType, type Dialect } from './dialect';
import { type Query, type SqlValue } from './query';

/**
 * The step between rows and entities, in plain loops over TypeORM's own metadata: its query builder takes as long to
 * hydrate a page as SQLite takes to find it.
 */
export class Table<Entity extends object> {
  readonly name: string;
  private readonly readable: readonly ColumnMetadata[];
  private readonly writable: readonly ColumnMetadata[];
  /** Qualified by the table's name. */
  private readonly columns: string;
  private readonly dialect: Dialect;

  constructor(
    private readonly entity: new () => Entity,
    database: Pick<Database, 'dialect' | 'metadata'>,
  ) {
    const metadata = database.metadata(entity);
    this.dialect = database.dialect;
    this.name = metadata.tableName;
    this.readable = metadata.columns.filter(column => column.isSelect);
    this.writable = metadata.columns;
    this.columns = this.readable.map(column => `${this.name}.${quote(column)}`).join(', ');
  }

  /**
   * Reads entities, in the order of their rows.
   * @param tail what stands behind the columns: `from …`, in which the table goes by its own name.
   */
  async select(query: Query, tail: string, parameters: readonly SqlValue[] = []): Promise<readonly Entity[]> {
    const { asJson } = this.dialect;
    const select = `select ${this.columns} ${tail}`;
    if (asJson === null) {
      const rows = await query<Readonly<Record<string, SqlValue>>>(select, parameters);
      return rows.map(row => this.read(this.readable.map(column => row[column.databaseName] ?? null)));
    }
    const [gathered] = await query<{ rows: string }>(asJson(this.readable.map(quote), select), parameters);
    const rows = JSON.parse(gathered?.rows ?? '[]') as readonly (readonly SqlValue[])[];
    return rows.map(cells => this.read(cells));
  }

  private read(cells: readonly SqlValue[]): Entity {
    const values: Record<string, unknown> = {};
    this.readable.forEach(({ propertyName, transformer }, index) => {
      const value = cells[index] ?? null;
      values[propertyName] = isTransformer(transformer) ? (transformer.from(value) as unknown) : value;
    });
    return Object.assign(new this.entity(), values);
  }

  /** Inserts in the given order and returns the ids, which ascend in that order. */
  async insert(query: Query, entities: readonly Entity[]): Promise<readonly number[]> {
    if (entities.length === 0) return [];
    // The store gives the id.
    const columns = this.writable.filter(column => !column.isPrimary);
    const row = `(${columns.map(() => '?').join(', ')})`;
    const rows = await query<{ id: number }>(
      `insert into ${this.name} (${columns.map(quote).join(', ')}) values ${entities.map(() => row).join(', ')} returning id`,
      entities.flatMap(entity => columns.map(column => cell(entity, column))),
    );
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  }

  /**
   * Inserts rows that bring their ids, in the given order, however many they are: they cross to the database as one
   * JSON value, because thousands of parameters take longer than the insert.
   * @param rows values by the names of the entity's properties; what is absent becomes null.
   */
  async load(query: Query, rows: readonly (object & { readonly id: number })[]): Promise<void> {
    if (rows.length === 0) return;
    const values = this.writable.map((column, index) => this.dialect.cell('given', index, typeOf(column)));
    await query(
      `insert into ${this.name} (${this.writable.map(quote).join(', ')})
        select ${values.join(', ')} from ${this.dialect.list('given')}`,
      [JSON.stringify(rows.map(row => this.writable.map(column => cell(row, column))))],
    );
  }

  /**
   * Writes entities over their rows, each if its row is still at the version before the entity's; all in one
   * statement, to which they cross as one JSON value.
   * @returns how many were written: the others have moved on, and were left alone.
   */
  async update(
    query: Query,
    entities: readonly (Entity & { id: number; version: number })[],
  ): Promise<number> {
    if (entities.length === 0) return 0;
    const assignments = this.writable.flatMap((column, index) =>
      column.isPrimary ? [] : [`${quote(column)} = ${this.dialect.cell('given', index, typeOf(column))}`],
    );
    const [id = '', version = ''] = ['id', 'version'].map(name =>
      this.dialect.cell(
        'given',
        this.writable.findIndex(column => column.propertyName === name),
        'integer',
      ),
    );
    const rows = await query(
      `update ${this.name} set ${assignments.join(', ')} from ${this.dialect.list('given')} ` +
        `where ${this.name}.id = ${id} and version = (${version}) - 1 returning ${this.name}.id`,
      [JSON.stringify(entities.map(entity => this.writable.map(column => cell(entity, column))))],
    );
    return rows.length;
  }
}

function cell(entity: object, { propertyName, transformer }: ColumnMetadata): SqlValue {
  const value = (entity as Record<string, unknown>)[propertyName] ?? null;
  return (isTransformer(transformer) ? transformer.to(value) : value) as SqlValue;
}

function typeOf({ type }: ColumnMetadata): CellType {
  return type === 'integer' ? 'integer' : 'text';
}

function quote({ databaseName }: ColumnMetadata): string {
  return `"${databaseName}"`;
}

function isTransformer(transformer: ColumnMetadata['transformer']): transformer is ValueTransformer {
  return transformer !== undefined && !Array.isArray(transformer);
}
