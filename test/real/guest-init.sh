#!/bin/busybox sh
# The only program of the guest: reports on the serial console that it has booted, obeys the power button, offers a shell.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $(cat /lib/order); do insmod "/lib/$module"; done
for event in /sys/class/input/event*; do
  if [ "$(cat "$event/device/name")" = 'Power Button' ]; then
    # Opened before the report: what is pressed after it is never lost. One struct input_event has 24 bytes.
    exec 3<"/dev/input/${event##*/}"
    (head -c 24 <&3 >/dev/null; echo ANNELID-GUEST-STOPPING; poweroff -f) &
  fi
done
# `annelid.lines=N` on the command line: N numbered lines first.
for word in $(cat /proc/cmdline); do
  case $word in
    annelid.lines=*) seq "${word#*=}" ;;
  esac
done
echo "ANNELID-GUEST-READY boot=$(cat /proc/sys/kernel/random/boot_id)"
while :; do setsid cttyhack sh; done
