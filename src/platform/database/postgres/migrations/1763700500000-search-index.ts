import { type MigrationInterface } from 'typeorm';

/**
 * Makes nothing: the search index of a server is another one. Yet both engines have the same list of migrations, by which a
 * copy knows that two stores are of the same release.
 */
export class SearchIndex1763700500000 implements MigrationInterface {
  async up(): Promise<void> {
    return Promise.resolve();
  }

  async down(): Promise<void> {
    return Promise.resolve();
  }
}
