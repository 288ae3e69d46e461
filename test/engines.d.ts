export declare const STORELESS: readonly string[];
export declare const SQLITE_ONLY: readonly string[];
export declare const POSTGRES_ONLY: readonly string[];
