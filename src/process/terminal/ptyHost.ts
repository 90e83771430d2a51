/** Size of a terminal in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Until someone looks and says how wide it is; wide enough for the output of most tools. */
export const defaultTerminalSize: TerminalSize = { columns: 120, rows: 30 };

export interface PtyHostOptions {
  /** Absolute path of a Python 3. */
  readonly python: string;
  /** Where it listens for input and size; removed by it at the end. */
  readonly socketPath: string;
  /** May one type into it? If not, only the size is taken. */
  readonly isInteractive: boolean;
  readonly size?: TerminalSize;
}

/**
 * What to put in front of a program's command line so that it runs in a pseudo-terminal, whose
 * output goes to the descriptor that is stdout now: the log file.
 */
export function ptyHostPrefix({
  python,
  socketPath,
  isInteractive,
  size = defaultTerminalSize,
}: PtyHostOptions): string[] {
  const { columns, rows } = size;
  // -I, -S: neither the folder, nor variables, nor installed packages have a say in it.
  return [
    python,
    '-IS',
    '-c',
    ptyHost,
    socketPath,
    isInteractive ? '1' : '0',
    String(columns),
    String(rows),
  ];
}

/**
 * The program that holds the pseudo-terminal of a run. It is a member of the run and not of the
 * editor, so a reload costs the terminal nothing, and it has no buffer that could be lost: what the
 * program writes is in the log file a moment later.
 *
 * - The program leads a session of its own in there, as a controlling terminal needs one. Signals
 *   for the run reach it one by one, so the host takes none of them: it ends after the program.
 * - It keeps the other side of the terminal open too. Without that, a program that closes its
 *   descriptors and opens /dev/tty later would find nobody reading.
 * - At the end it reads what is left. Where a grandchild holds the terminal open, this ends when
 *   nothing came for a tenth of a second, after two seconds at the latest.
 * - A message is a line of JSON: {"input": text}, or {"columns": n, "rows": n}.
 *
 * Python, since Node has no pseudo-terminals without a native module; 3.6 is enough.
 */
const ptyHost = String.raw`
import errno, fcntl, json, os, select, signal, socket, struct, sys, termios, time

socket_path, interactive, columns, rows = sys.argv[1], sys.argv[2] == '1', int(sys.argv[3]), int(sys.argv[4])
argv = sys.argv[5:]
most_input, most_line = 1 << 20, 1 << 20

outlived = [getattr(signal, 'SIG' + name) for name in
            ('HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2', 'ALRM', 'PIPE', 'TTIN', 'TTOU', 'TSTP')]

def set_size(fd, columns, rows):
    try:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    except (OSError, struct.error):
        pass

def listen():
    try:
        try:
            os.unlink(socket_path)
        except OSError:
            pass
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            listener.bind(socket_path)
        finally:
            os.umask(before)
        listener.listen(8)
        listener.setblocking(False)
        return listener
    except OSError as error:
        write_all(('[dev-env] no input for this terminal: %s\r\n' % error).encode())
        return None

def write_all(data):
    while data:
        try:
            data = data[os.write(1, data):]
        except InterruptedError:
            pass
        except OSError:
            return

def run_program(master, slave):
    for number in outlived + [signal.SIGXFSZ]:
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        os.write(2, ('%s: %s\r\n' % (argv[0], error.strerror)).encode())
        os._exit(127 if error.errno == errno.ENOENT else 126)

class Client:
    def __init__(self, connection):
        self.connection, self.pending = connection, b''
        connection.setblocking(False)

    def read(self):
        """Its messages, or None when it has gone."""
        try:
            data = self.connection.recv(65536)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            return None
        if not data:
            return None
        lines = (self.pending + data).split(b'\n')
        self.pending = lines.pop()
        if len(self.pending) > most_line:
            return None
        messages = []
        for line in lines:
            try:
                message = json.loads(line.decode('utf-8', 'replace'))
            except ValueError:
                continue
            if isinstance(message, dict):
                messages.append(message)
        return messages

def main():
    for number in outlived:
        signal.signal(number, signal.SIG_IGN)
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write)
    listener = listen()
    master, slave = os.openpty()
    set_size(slave, columns, rows)
    pid = os.fork()
    if pid == 0:
        run_program(master, slave)
    os.set_blocking(master, False)
    clients, queued, status = {}, b'', None

    def read_output():
        try:
            data = os.read(master, 65536)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            return False
        write_all(data)
        return bool(data)

    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            break
        readers = [master, wake_read] + list(clients) + ([listener] if listener else [])
        readable, writable, _ = select.select(readers, [master] if queued else [], [])
        if master in readable:
            read_output()
        if wake_read in readable:
            try:
                os.read(wake_read, 4096)
            except OSError:
                pass
        if listener in readable:
            try:
                connection, _ = listener.accept()
                clients[connection] = Client(connection)
            except OSError:
                pass
        for connection in [each for each in readable if each in clients]:
            messages = clients[connection].read()
            if messages is None:
                del clients[connection]
                connection.close()
                continue
            for message in messages:
                text, width, height = (message.get(key) for key in ('input', 'columns', 'rows'))
                if interactive and isinstance(text, str) and len(queued) < most_input:
                    queued += text.encode('utf-8', 'replace')
                if isinstance(width, int) and isinstance(height, int):
                    set_size(master, width, height)
        if master in writable and queued:
            try:
                queued = queued[os.write(master, queued[:4096]):]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                queued = b''

    if listener:
        listener.close()
        try:
            os.unlink(socket_path)
        except OSError:
            pass
    os.close(slave)
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 0.1)[0] or not read_output():
            break
    os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))

main()
`;
