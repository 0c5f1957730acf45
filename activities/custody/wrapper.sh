#!/bin/sh
# Runs the one or two stages of a run and leaves their exit status on disk, whatever becomes of the worker.
#
#   HOLDFAST_STAGES='COUNT WORD... [COUNT WORD...]' HOLDFAST_LOCKS='FD...' HOLDFAST_HOLDER=RECORD \
#     wrapper.sh PROCESS_FILE EXIT_FILE FIRST_EXIT_FILE STAGES
#
# The words of the stages, quoted for a shell, come by the environment: they may hold keys, and the arguments of this long-lived shell
# are for everybody to see.
#
# On entry: fd 2 stderr log, 3 progress, 4 events, 5 reader, 6 stderr log again (all opened for appending), and from 7
# on the files of the machine's locks (HOLDFAST_LOCKS), followed by the locks that flock(1) took before it became this shell. Every process of the run inherits the locks on purpose: they are held for as
# long as any of them lives. The files named are written in place, because the disk may be full by then.

# Runs the last stage. A stage is a subshell that execs, so that no word can be taken for a shell builtin.
run_last() {
  ( trap - HUP INT TERM; exec "$@" ) 2>&6 6>&-
  printf '%s end\n' "$?" 1<>"$exit_file"
}

# Keeps the first `$1` words after it, by turning them to the end and dropping the rest.
run_first() {
  count=$1
  shift
  drop=$(($# - count))
  while [ "$count" -gt 0 ]; do
    set -- "$@" "$1"
    shift
    count=$((count - 1))
  done
  shift "$drop"
  ( trap - HUP INT TERM; exec "$@" ) 2>&6 3>&- 4>&- 6>&-
  printf '%s end\n' "$?" 1<>"$first_exit_file"
}

# The whole script is a function, so that the shell has read it to its end before a redeploy can change the file.
main() {
  process_file=$1 exit_file=$2 first_exit_file=$3 stages=$4
  eval "set -- $HOLDFAST_STAGES"
  unset HOLDFAST_STAGES
  umask 027
  # The signals of the stop ladder go to the whole group: the stages end by them, the shells stay to write the status down.
  trap : HUP INT TERM
  # What a shell says of signals ("Killed") is no output of the tool.
  exec 2>/dev/null
  read -r stat <"/proc/$$/stat" && printf '%s end\n' "$stat" 1<>"$process_file"
  # Whoever does not get one of these locks reads in it who has it.
  for lock in $HOLDFAST_LOCKS; do
    printf '%s %s\n' "$$" "$HOLDFAST_HOLDER" 1<>"/proc/self/fd/$lock"
  done
  unset HOLDFAST_LOCKS HOLDFAST_HOLDER
  if [ "$stages" -eq 1 ]; then
    shift
    run_last "$@"
  else
    { trap : HUP INT TERM; run_first "$@" </dev/null; } | {
      trap : HUP INT TERM
      shift "$(($1 + 2))"
      run_last "$@" 5>&-
      # Without the last stage the first has no purpose, and it may sit in a read for ever.
      kill -TERM 0
    }
  fi
  exit 0
}
main "$@"
