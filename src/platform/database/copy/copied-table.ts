import { type EntityMetadata } from 'typeorm';
import { type CellType, type Dialect } from '../dialect';
import { type SqlValue } from '../query';

/** The cells of a row, in the order of the table's columns. */
export type Cells = readonly SqlValue[];

export interface CopiedColumn {
  readonly name: string;
  readonly type: CellType;
}

/** A table as far as copying must know it; the same on both engines. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly CopiedColumn[];
  /** The columns by which its rows are told apart, and in whose order they are copied. */
  readonly key: readonly string[];
  /** Whether the store gives its ids, none of them twice. */
  readonly givesIds: boolean;
}

/**
 * The tables of entities, each after those to which its rows refer. A table may refer to itself: only to rows that stand
 * before in the order of its key.
 */
export function copiedTables(entities: readonly EntityMetadata[]): readonly CopiedTable[] {
  const ordered = new Set<EntityMetadata>();
  const add = (entity: EntityMetadata): void => {
    for (const { referencedEntityMetadata: other } of entity.foreignKeys) {
      if (other !== entity && !ordered.has(other)) add(other);
    }
    ordered.add(entity);
  };
  entities.forEach(add);
  return [...ordered].map(tableOf);
}

/** Names a row for people, by its key: `messages 17`. */
export function nameOfRow({ name, columns, key }: CopiedTable, cells: Cells): string {
  const values = key.map(part => cells[columns.findIndex(column => column.name === part)]);
  return [name, ...values].join(' ');
}

/** Inserts rows that cross to the store as one parameter, the JSON text of their cells. */
export function insertStatement({ name, columns }: CopiedTable, dialect: Dialect): string {
  const values = columns.map(({ type }, index) => dialect.cell('given', index, type));
  return `insert into ${name} (${columns.map(column => quote(column.name)).join(', ')})
    select ${values.join(', ')} from ${dialect.list('given')}`;
}

export function quote(name: string): string {
  return `"${name}"`;
}

function tableOf({ tableName, columns, primaryColumns }: EntityMetadata): CopiedTable {
  return {
    name: tableName,
    columns: columns.map(({ databaseName, type }) => ({
      name: databaseName,
      type: type === 'integer' ? 'integer' : 'text',
    })),
    key: primaryColumns.map(({ databaseName }) => databaseName),
    givesIds: primaryColumns.some(({ isGenerated }) => isGenerated),
  };
}
