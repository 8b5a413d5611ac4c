const MIB = 1024 * 1024;

/** Sessions that read: two heavy queries at once are what two cores can bear. */
export const READER_SESSIONS = 2;

/** A statement that runs longer is stopped by the engine itself. */
export const MAX_EXECUTION_SECONDS = 30;

/** Memory of one statement; unlimited by default in the engine. */
const MAX_STATEMENT_BYTES = 512 * MIB;

/** Beyond this a GROUP BY or ORDER BY goes to disk. */
const SPILL_BYTES = 256 * MIB;

/** libuv threads of the child: each running statement holds one. */
export const ENGINE_UV_THREADS = 12;

/** Server settings as the engine's XML. Defaults are 5 GiB per cache and 90 % of the memory. */
export function engineConfigXml(): string {
  const settings: Readonly<Record<string, number>> = {
    max_server_memory_usage: 1536 * MIB,
    mark_cache_size: 64 * MIB,
    index_mark_cache_size: 16 * MIB,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    mmap_cache_size: 0,
    background_pool_size: 2,
    background_schedule_pool_size: 2,
    background_fetches_pool_size: 1,
    background_move_pool_size: 1,
    background_common_pool_size: 1,
    background_buffer_flush_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    max_thread_pool_size: 200,
    max_thread_pool_free_size: 4,
  };
  const lines = Object.entries(settings).map(([name, value]) => `  <${name}>${value}</${name}>`);
  return `<clickhouse>\n${lines.join("\n")}\n</clickhouse>\n`;
}

/** Arguments of each Session: settings that hold for all its statements. */
export function sessionArguments(configFile: string): string[] {
  return [
    `--config-file=${configFile}`,
    `--max_memory_usage=${MAX_STATEMENT_BYTES}`,
    `--max_execution_time=${MAX_EXECUTION_SECONDS}`,
    `--max_bytes_before_external_group_by=${SPILL_BYTES}`,
    `--max_bytes_before_external_sort=${SPILL_BYTES}`,
    "--max_threads=2",
    // One insert file is one part: a part appears whole or not at all.
    "--max_insert_threads=1",
    "--max_insert_block_size=4000000",
    "--min_insert_block_size_rows=4000000",
    `--min_insert_block_size_bytes=${1024 * MIB}`,
    "--max_partitions_per_insert_block=1000",
  ];
}
