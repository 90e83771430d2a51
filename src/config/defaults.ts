/**
 * What a field that is not written stands for, as one would write it. The loader and the generated
 * reference both read it here.
 */
export const DEFAULTS = {
  autostart: false,
  onStartFailure: 'keep',
  type: 'service',
  startupTimeout: '60s',
  probeTimeout: '5s',
  method: 'GET',
  healthInterval: '10s',
  failureThreshold: 3,
  successThreshold: 1,
  onHealthFailure: 'restart',
  restartOfService: 'on-failure',
  restartOfTask: 'never',
  maxRetries: 5,
  restartDelay: '1s',
  backoff: 2,
  maxDelay: '1m',
  window: '5m',
  jitter: 0.1,
  breaker: { failures: 5, window: '60s', coolDown: '5m' },
  envCommandTimeout: '10s',
  overlap: 'skip',
  debounce: '300ms',
  gitignore: true,
  onLimit: 'report',
  logMaxSize: '100MB',
  logMaxFiles: 3,
  logFormat: 'text',
  successExitCodes: [0],
  stopSignal: 'SIGTERM',
  stopTimeout: '10s',
} as const;

/** Bounds that keep the time for any file small, however it was made. */
export const LIMITS = {
  /** Of the file, and of each env file, in UTF-8. */
  fileBytes: 1_000_000,
  /** Lexical tokens of the file; a thousand processes with a dozen fields each are 270,000. */
  tokens: 300_000,
  /** Lines that begin with `%`, of which ours needs none. */
  directives: 100,
  /** Values after aliases are followed. */
  values: 100_000,
  /** Of one list or map. */
  items: 5000,
  /** `${…}` of one text. */
  variables: 5000,
  /** Of all texts with variables together, once these are filled in; in UTF-16 units. */
  filledLength: 10_000_000,
  /** Steps of comparing names, for all suggestions together: some hundredths of a second. */
  suggestionSteps: 1_000_000,
  depth: 50,
  processes: 1000,
  diagnostics: 500,
} as const;
