# A Slurm cluster of its own on this machine (Debian's slurmctld, slurmd and munge, as root), for
# scripts that source this: one node, as many CPUs as there are, files in $work, removed at the end.
# shellcheck shell=bash
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" > /dev/null || {
    echo "needs $program (apt: slurmctld slurmd slurm-client munge)" >&2
    exit 2
  }
done

work=$(mktemp -d)
chmod 755 "$work"
end_cluster() {
  local name
  for name in slurmd slurmctld munged; do
    if [[ -e $work/$name.pid ]]; then kill "$(cat "$work/$name.pid")" 2> /dev/null || true; fi
  done
  sleep 1
  rm -rf "$work"
}
trap end_cluster EXIT

host=$(hostname -s)
mkdir -p "$work"/{state,spool,munge}
dd if=/dev/urandom of="$work/munge/key" bs=32 count=1 status=none
chmod 700 "$work/munge"
chmod 400 "$work/munge/key"
munged --force --key-file "$work/munge/key" --socket "$work/munge.socket" \
  --pid-file "$work/munged.pid" --log-file "$work/munged.log" --seed-file "$work/munge/seed"
cat > "$work/slurm.conf" <<CONF
ClusterName=furltest
SlurmctldHost=$host
SlurmUser=root
SlurmdUser=root
AuthInfo=socket=$work/munge.socket
AuthType=auth/munge
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SchedulerParameters=requeue_setup_env_fail,batch_sched_delay=1,sched_interval=2
MpiDefault=none
NodeName=$host NodeHostname=$host CPUs=$(nproc) RealMemory=2000 State=UNKNOWN
PartitionName=video Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
for _ in $(seq 60); do
  sinfo -h -o %T 2> /dev/null | grep -q idle && break
  sleep 0.5
done
sinfo
