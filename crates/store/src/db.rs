//! The database handles and the rules of a write.

use std::{path::PathBuf, sync::Arc, time::Duration};

use domain::{ambient::Ambient, certification::Certification, grid::Effective};
use migrations::Migrator;
use moka::sync::Cache;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{FileStore, Result, certification::Published, password::Hasher};

/// How hard a commit tries to survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Every commit is on the disk before it is answered.
    #[default]
    Full,
    /// For filling a folder that can be filled again.
    Off,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the files, and of the database where `database_url` is absent.
    pub folder: PathBuf,
    /// `postgres://…`; an SQLite file in the folder where absent.
    pub database_url: Option<String>,
    pub durability: Durability,
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
}

/// Everything that is kept, with the time and the randomness that go into it.
#[derive(Clone)]
pub struct Db {
    write: DatabaseConnection,
    read: DatabaseConnection,
    pub files: FileStore,
    pub ambient: Arc<Ambient>,
    pub(crate) hasher: Hasher,
    /// Something was put in the outbox.
    pub(crate) outbox: Arc<Notify>,
    /// A published certification never changes, so it is parsed once.
    pub(crate) certifications: Cache<Uuid, Arc<Published>>,
    /// Neither does a published grid.
    pub(crate) grids: Cache<Uuid, Arc<Effective>>,
    /// Nor what a dossier froze: its certification, by the sum that stands for the whole.
    pub(crate) frozen: Cache<String, Arc<Certification>>,
}

impl Db {
    /// Opens both pools and brings the schema up to date.
    pub async fn open(options: &Options, ambient: Arc<Ambient>) -> Result<Self> {
        let files =
            FileStore::open(options.folder.join("files"), options.max_file_bytes, ambient.clone())
                .await?;
        let (write, read) = if let Some(url) = &options.database_url {
            let pool = Database::connect(postgres(url)).await?;
            migrate_one_at_a_time(&pool).await?;
            (pool.clone(), pool)
        } else {
            let write = Database::connect(sqlite(options, 1)).await?;
            // The first connection makes the file and its WAL before any reader opens it.
            Migrator::up(&write, None).await?;
            (write, Database::connect(sqlite(options, 8)).await?)
        };
        Ok(Self {
            write,
            read,
            files,
            ambient,
            hasher: Hasher::new(),
            outbox: Arc::new(Notify::new()),
            certifications: Cache::new(256),
            grids: Cache::new(256),
            frozen: Cache::new(256),
        })
    }

    /// A write transaction, the only kind. On `SQLite` it takes the write lock at once: with a
    /// plain BEGIN, two transactions that read and then write end in "database is locked".
    pub async fn write(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.backend() == DbBackend::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// A read-only transaction: everything read in it is of one moment.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let options = match self.backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(sea_orm::IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// Single statements that only read.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Ends every connection, so that nothing but the database's own file is left of it.
    pub async fn close(self) -> Result<()> {
        let Self { write, read, .. } = self;
        read.close().await?;
        write.close().await?;
        Ok(())
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        self.read.ping().await.is_ok() && self.write.ping().await.is_ok()
    }

    /// Calls back after every statement, for tests that count them.
    pub fn count_statements(&mut self, callback: impl Fn() + Send + Sync + 'static) {
        self.read.set_metric_callback(move |_| callback());
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }
}

fn common(url: String) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).test_before_acquire(false).acquire_timeout(Duration::from_secs(10));
    options
}

fn sqlite(options: &Options, connections: u32) -> ConnectOptions {
    let path = options.folder.join("acquis.sqlite");
    let synchronous = match options.durability {
        Durability::Full => "FULL",
        Durability::Off => "OFF",
    };
    let mut connect = common("sqlite::memory:".to_owned());
    connect.max_connections(connections).min_connections(1).map_sqlx_sqlite_opts(move |connect| {
        // The path goes in as a path: in a URL, a `?` or a `%` of a folder's name would be read.
        connect
            .in_memory(false)
            .shared_cache(false)
            .filename(&path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(256)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", synchronous)
            .pragma("mmap_size", "1073741824")
            .pragma("cache_size", "-8192")
    });
    connect
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = common(url.to_owned());
    options.max_connections(10).test_before_acquire(true);
    options
}

/// Several servers may start at once on one `PostgreSQL`.
async fn migrate_one_at_a_time(pool: &DatabaseConnection) -> Result<()> {
    // Any number that nothing else of the database uses: "acquis" in ASCII.
    const LOCK: i64 = 0x6163_7175_6973;
    let lock = pool.begin_with_options(TransactionOptions::default()).await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    Migrator::up(pool, None).await?;
    lock.commit().await?;
    Ok(())
}
