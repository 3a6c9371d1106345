# The first process of a private PID, mount and network namespace: serves commands on stdin, and at its end of file
# everything in the namespace ends with it, QEMU included, so a killed test run leaves nothing behind.
# bash, not sh: as the first process it must reap what daemonizes, and dash does not while it waits in `read`.
# Arguments: the directory that stands in for the system's own.
set -e
if [ "$(id -u)" = 0 ]; then
  mount --bind "$1/etc/libvirt" /etc/libvirt
  mount --bind "$1/lib" /var/lib/libvirt
  mount --bind "$1/cache" /var/cache/libvirt
  mount --bind "$1/log" /var/log/libvirt
  mount --bind "$1/run" /run
fi
virtlogd --daemon
while read -r command; do
  case $command in
    start)
      # Started again when it crashes, as systemd does: libvirtd 9.0 can when a client is killed in the middle of calls.
      until libvirtd --pid-file "$1/libvirtd.pid"; do :; done >>"$1/log/libvirtd.log" 2>&1 </dev/null &
      supervisor=$!
      ;;
    stop)
      kill "$(cat "$1/libvirtd.pid")"
      wait "$supervisor" || true
      ;;
  esac
  echo "$command"
done
