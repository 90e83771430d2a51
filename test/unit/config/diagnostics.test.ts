import { type Case, itSays, yaml } from './support.ts';

const one = (field: string): string =>
  `processes:\n  - name: api\n    command: run\n    ${field}\n`;

const form: readonly Case[] = [
  [
    'an empty file',
    '«»',
    'error missing-key: The file is empty; name the processes under "processes:".',
  ],
  [
    'a file of comments',
    '«»# nothing\n',
    'error missing-key: The file is empty; name the processes under "processes:".',
  ],
  ['no processes', '«env: {}»\n', 'error missing-key: "processes" is missing.'],
  [
    'a list at the top',
    '«- name: api»\n  command: run\n',
    'error wrong-type: "dev-env.yaml" must be a map with "processes".',
  ],
  [
    'an unclosed list',
    'processes: [\n«»',
    'error syntax: Flow sequence in block collection must be sufficiently indented and end with a ].',
  ],
  [
    'two documents',
    'processes: []\n«---»\na: 1\n',
    'error syntax: The file must end here: it can hold one document only.',
  ],
  [
    'several syntax errors at once',
    'a: "«\\»q"\nb: "«\\»k"\n',
    'error syntax: Invalid escape sequence \\q.',
    'error syntax: Invalid escape sequence \\k.',
  ],
  ['an unknown anchor', 'processes: «*x»\n', 'error syntax: There is no anchor "&x" before this.'],
  ['an unknown tag', 'processes: «!x» []\n', 'warning syntax: Unresolved tag: !x.'],

  [
    'an unknown key',
    one('«comand»: x'),
    'error unknown-key: There is no field "comand" here. Did you mean "command"? [command]',
  ],
  [
    "another tool's key",
    one('«cwd»: .'),
    'error unknown-key: There is no field "cwd" here. Did you mean "workdir"? [workdir]',
  ],
  [
    'a key of inner maps',
    one('stop: { «signl»: SIGTERM }'),
    'error unknown-key: There is no field "signl" here. Did you mean "signal"? [signal]',
  ],
  [
    'a key that comes later',
    one('ready: { «interval»: 5s, log: x }'),
    'error unknown-key: There is no field "interval" here. There are: http, method, status, headers, match_headers, match_body, socket, tcp, grpc, command, log, heartbeat, timeout.',
  ],
  [
    'an unknown key at the top',
    '«enviroment»: {}\nprocesses: []\n',
    'error unknown-key: There is no field "enviroment" here. Did you mean "env"? [env]',
  ],
  [
    "a default that can't be",
    'defaults: { «port»: 1 }\nprocesses: []\n',
    'error unknown-key: "port" can\'t have a default; set it in each process.',
  ],
  [
    '__proto__',
    one('env: { «__proto__»: x }'),
    'error unknown-key: "__proto__" can\'t be used as a key.',
  ],

  [
    'a missing command',
    'processes:\n  - name: «api»\n    port: 1\n',
    'error missing-key: "command" is missing.',
  ],
  [
    'a missing command in a map',
    'processes:\n  «api»: { port: 1 }\n',
    'error missing-key: "command" is missing.',
  ],
  [
    'a missing name',
    'processes:\n  - «command: run»\n    port: 1\n',
    'error missing-key: "name" is missing.',
  ],
  [
    'a missing path',
    '«env_file»: { required: false }\nprocesses: []\n',
    'error missing-key: "path" is missing.',
  ],

  [
    'a bad name',
    'processes:\n  - name: «-api»\n    command: run\n',
    'error wrong-type: "name" must be a name: letters, digits, ".", "_" and "-", first a letter or digit, at most 64 characters.',
  ],
  [
    'a bad name in a map',
    'processes:\n  «a b»: { command: run }\n',
    'error wrong-type: "a b" must be a name: letters, digits, ".", "_" and "-", first a letter or digit, at most 64 characters.',
  ],
  [
    'a number for a command',
    'processes:\n  api: { command: «5» }\n',
    'error wrong-type: "command" must be a command: a string for the shell, or a list of program and arguments.',
  ],
  [
    'an empty command',
    'processes:\n  api: { command: «""» }\n',
    'error wrong-type: "command" must be a command: a string for the shell, or a list of program and arguments.',
  ],
  [
    'an empty list',
    'processes:\n  api: { command: «[]» }\n',
    'error wrong-type: "command" must be a command: a string for the shell, or a list of program and arguments.',
  ],
  [
    'a list with a map',
    'processes:\n  api: { command: [run, «{}»] }\n',
    'error wrong-type: "command" must be a list of strings, the program first.',
  ],
  [
    'nothing after a key',
    'processes:\n  api: { command: run, «env»: }\n',
    'error wrong-type: "env" must be a map from variable to value.',
  ],
  [
    'an empty entry',
    'processes:\n  «api»:\n',
    'error wrong-type: "api" must be a map with "command" and other fields of a process.',
  ],
  [
    'a misspelt type',
    one('type: «tsk»'),
    'error wrong-type: "type" must be one of service, task, external. Did you mean "task"? [task]',
  ],
  [
    'a string for a boolean',
    one('autostart: «yes»'),
    'error wrong-type: "autostart" must be true or false.',
  ],
  [
    'a variable without value',
    one('env: { «A»: }'),
    'error wrong-type: "A" must be a string, a number or a boolean; write "" for an empty value.',
  ],
  [
    'a bad name of a variable',
    one('env: { «A B»: 1 }'),
    'error wrong-type: "A B" must be a name of a variable, without "=" and white space.',
  ],
  [
    'a port out of range',
    one('port: «70000»'),
    'error wrong-type: "port" must be a whole number from 1 to 65535, or auto.',
  ],
  [
    'a port in words',
    one('port: «http»'),
    'error wrong-type: "port" must be a whole number from 1 to 65535, or auto.',
  ],
  [
    'a port from a variable',
    one('port: «${P:-x}»'),
    'error wrong-type: "port" must be a whole number from 1 to 65535, or auto. It is "x".',
  ],
  [
    'a port that nobody assigns',
    one('port: «auto»'),
    'error port-unassigned: No port can be assigned here; write a number.',
  ],
  [
    'a signal',
    one('stop: { signal: «TERM» }'),
    'error wrong-type: "signal" must be one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGKILL.',
  ],
  [
    'a policy',
    one('restart: «on_failure»'),
    'error wrong-type: "restart" must be a policy (never, on-failure, always, unless-stopped) or a map. Did you mean "on-failure"? [on-failure]',
  ],
  [
    'retries',
    one('restart: { max_retries: «-1» }'),
    'error wrong-type: "max_retries" must be a whole number from 0, or unlimited.',
  ],
  [
    'a status',
    one('ready: { http: "http://x/", status: [200, «20»] }'),
    'error wrong-type: "status" must be an HTTP status from 100 to 599, or a list of them.',
  ],
  ['a URL', one('url: «localhost:80»'), 'error wrong-type: "url" must be an http or https URL.'],
  [
    'a probed URL',
    one('ready: { http: «health» }'),
    'error wrong-type: "http" must be a path that begins with "/", or an http or https URL.',
  ],
  [
    'a probed port',
    one('ready: { tcp: «"host:0"» }'),
    'error wrong-type: "tcp" must be a port from 1 to 65535, or "host:port".',
  ],
  [
    'a NUL',
    one('env: { A: «"\\0"» }'),
    "error wrong-type: A NUL character can't be passed to a program.",
  ],
  ['a complex key', 'processes: []\n? «[a]»\n: 1\n', 'error wrong-type: A key must be text.'],
  [
    'no map to merge',
    'processes:\n  api: { command: run, <<: «5» }\n',
    'error wrong-type: "<<" takes a map, or a list of maps.',
  ],

  [
    'a bare number for a duration',
    one('stop: { timeout: «10» }'),
    'error wrong-unit: "timeout" must be a duration with a unit, such as 500ms, 10s, 5m or 1h. Write 10s. [10s]',
  ],
  [
    'an unknown unit',
    one('startup_timeout: «2 min»'),
    'error wrong-unit: "startup_timeout" must be a duration with a unit, such as 500ms, 10s, 5m or 1h. Write 2m. [2m]',
  ],
  [
    'no duration',
    one('startup_timeout: «soon»'),
    'error wrong-unit: "startup_timeout" must be a duration with a unit, such as 500ms, 10s, 5m or 1h.',
  ],
  [
    'a month',
    one('startup_timeout: «720h»'),
    'error wrong-unit: A duration can be at most 24 days.',
  ],
  [
    'no time at all',
    one('startup_timeout: «0s»'),
    'error wrong-type: This duration must be longer than 0.',
  ],
];

const meaning: readonly Case[] = [
  [
    'a name twice',
    'processes:\n  - { name: a, command: x }\n  - { name: «a», command: y }\n',
    'error duplicate-name: There is a process "a" already, in line 2.',
  ],
  [
    'names that differ in case',
    'processes:\n  - { name: Api, command: x }\n  - { name: «api», command: y }\n',
    'error duplicate-name: This differs from "Api" in line 2 only in case.',
  ],
  [
    'a name twice in a map',
    'processes:\n  a: { command: x }\n  «a»: { command: y }\n',
    'error duplicate-name: "a" is there twice.',
  ],
  ['a key twice', one('«command»: x'), 'error duplicate-name: "command" is there twice.'],
  [
    'a dependency twice',
    yaml`
    processes:
      a: { command: x, depends_on: [b, «b»] }
      b: { command: x }
  `,
    'warning duplicate-name: "b" is named twice.',
  ],

  [
    'an unknown dependency',
    yaml`
    processes:
      api: { command: x, depends_on: [«databse»] }
      database: { command: x }
  `,
    'error unknown-dependency: There is no process "databse". Did you mean "database"? [database]',
  ],
  [
    'an unknown dependency in a map',
    yaml`
    processes:
      api: { command: x, depends_on: { «queue»: ready } }
      database: { command: x }
  `,
    'error unknown-dependency: There is no process "queue".',
  ],
  ['oneself', one('depends_on: [«api»]'), 'error self-dependency: "api" can\'t depend on itself.'],
  [
    'a cycle',
    yaml`
    processes:
      a: { command: x, depends_on: [b] }
      b: { command: x, depends_on: [«a»] }
  `,
    'error dependency-cycle: Circular dependency: a → b → a.',
  ],
  [
    'two cycles',
    yaml`
    processes:
      - { name: a, command: x, depends_on: [b] }
      - { name: b, command: x, depends_on: { c: started, «a»: ready } }
      - { name: c, command: x, depends_on: [d] }
      - { name: d, command: x, depends_on: [«b»] }
  `,
    'error dependency-cycle: Circular dependency: a → b → a.',
    'error dependency-cycle: Circular dependency: b → c → d → b.',
  ],
  [
    'completed of a service',
    yaml`
    processes:
      api: { command: x, depends_on: { db: «completed» } }
      db: { command: x }
  `,
    'error condition-mismatch: "db" is a service and never completes. Did you mean "ready"? [ready]',
  ],
  [
    'ready of a task',
    yaml`
    processes:
      api: { command: x, depends_on: { migrate: { condition: «ready» } } }
      migrate: { command: x, type: task }
  `,
    'error condition-mismatch: "migrate" is a task: it completes, and is never ready. Did you mean "completed"? [completed]',
  ],

  [
    'two on one port',
    yaml`
    processes:
      api: { command: x, port: 80 }
      web: { command: x, port: «80» }
  `,
    'error port-conflict: "api" and "web" both use port 80.',
  ],
  [
    'a working directory that is not there',
    one('workdir: «./nowhere»'),
    `warning workdir-missing: There is no directory "${import.meta.dirname}/nowhere".`,
  ],
  [
    'a working directory that is a file',
    one('workdir: «load.test.ts»'),
    `warning workdir-missing: "${import.meta.dirname}/load.test.ts" is not a directory.`,
  ],

  [
    'an unset variable',
    one('url: http://x/«${PATH}»/y'),
    'error unset-variable: The variable "PATH" is not set. Set it, give it a default (${PATH:-…}), or write $${PATH} to leave it as it is.',
  ],
  [
    'an unset variable in single quotes',
    one("url: 'http://x/«${A}»'"),
    'error unset-variable: The variable "A" is not set. Set it, give it a default (${A:-…}), or write $${A} to leave it as it is.',
  ],
  [
    'an unset variable after escapes',
    one('env: { A: "\\"\\t«${A}»" }'),
    'error unset-variable: The variable "A" is not set. Set it, give it a default (${A:-…}), or write $${A} to leave it as it is.',
  ],
  [
    'an unset variable in a block',
    'processes:\n  api:\n    command: |\n      echo $A $${A}\n      echo «${A}»\n',
    'error unset-variable: The variable "A" is not set. Set it, give it a default (${A:-…}), or write $${A} to leave it as it is.',
  ],
  [
    'an unset variable in a default',
    one('url: http://${X:-«${Y}»}'),
    'error unset-variable: The variable "Y" is not set. Set it, give it a default (${Y:-…}), or write $${Y} to leave it as it is.',
  ],
  [
    'an unset variable written in escapes',
    one('env: { A: «"$\\x7bA}"» }'),
    'error unset-variable: The variable "A" is not set. Set it, give it a default (${A:-…}), or write $${A} to leave it as it is.',
  ],
  [
    'two of them in a command',
    'processes:\n  api: { command: [run, "«${A}»-«${B}»"] }\n',
    'error unset-variable: The variable "A" is not set. Set it, give it a default (${A:-…}), or write $${A} to leave it as it is.',
    'error unset-variable: The variable "B" is not set. Set it, give it a default (${B:-…}), or write $${B} to leave it as it is.',
  ],
  [
    'a port that is not there',
    one('url: http://x:«${port}»'),
    'error unset-variable: "api" has no port.',
  ],
  [
    'a port of nobody',
    one('url: http://x:«${port:apy}»'),
    'error unknown-variable: There is no process "apy". Did you mean "api"? [${port:api}]',
  ],
  [
    'a port outside of processes',
    'env: { A: "«${port}»" }\nprocesses: []\n',
    'error unknown-variable: "${port}" belongs to a process; write ${port:name}.',
  ],
  [
    'a kind of variable that is not there',
    one('url: http://«${file:KEY}»'),
    'error unknown-variable: "file" is an unknown kind of variable. There are env, port and secret.',
  ],
  [
    "the shell's own forms",
    'processes:\n  api: { command: "echo «${x%.*}»" }\n',
    'error unknown-variable: "${x%.*}" is not a variable. Write $${x%.*} to leave it as it is.',
  ],
  [
    'an open variable',
    one('url: http://x/«${»A'),
    'error unknown-variable: "${" without its "}". Write $${ to leave it as it is.',
  ],
  [
    'a default for a port',
    one('url: http://x:«${port:-80}»'),
    'error unknown-variable: Only environment variables can have a default.',
  ],

  [
    'an env file that is not there',
    'env_file: [«.none»]\nprocesses: []\n',
    'error env-file-missing: There is no env file ".none". If it may be missing, write { path: …, required: false }.',
  ],
  [
    'an env file that is a directory',
    one('env_file: { path: «../config» }'),
    'error env-file-unreadable: The env file "../config" can\'t be read: it is not a file.',
  ],
  [
    'a regular expression',
    one('ready: { log: «"("» }'),
    'error invalid-regex: Not a regular expression: Invalid regular expression: /(/: Unterminated group.',
  ],
  [
    'a regular expression for a header',
    one('ready: { http: "http://x/", match_headers: { a: «"["» } }'),
    'error invalid-regex: Not a regular expression: Invalid regular expression: /[/: Unterminated character class.',
  ],
  [
    'a path without a port',
    one('ready: { http: «/health» }'),
    'error missing-key: A path needs the "port" of the process; or write a whole URL.',
  ],
  [
    'no probe',
    one('«ready»: { timeout: 1s }'),
    'error missing-key: "ready" needs one of http, tcp, grpc, command, log, heartbeat.',
  ],
  [
    'two probes',
    one('ready: { tcp: 5, «log»: x }'),
    'error conflicting-keys: "ready" has "tcp" already; it can have only one probe.',
  ],
  [
    'an option of http',
    one('ready: { tcp: 5, «status»: 200 }'),
    'error conflicting-keys: "status" goes with "http" only.',
  ],
  [
    'a timeout of log',
    one('ready: { log: x, «timeout»: 1s }'),
    'error conflicting-keys: A "log" probe has no "timeout"; "startup_timeout" bounds it.',
  ],
  [
    'readiness of a task',
    one('type: task\n    «ready»: { log: x }\n    «startup_timeout»: 1s'),
    'error not-for-task: A task completes; "ready" is for services.',
    'error not-for-task: A task completes; "startup_timeout" is for services.',
  ],
  [
    'a task for ever',
    one('type: task\n    restart: { policy: «always» }'),
    'error not-for-task: A task that is done stays done; use "on-failure". [on-failure]',
  ],
];

describe('what is wrong with a file', () => {
  describe('its form', () => itSays(form));
  describe('its meaning', () => itSays(meaning));
});
