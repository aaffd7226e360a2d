#!/usr/bin/env bash
# Starts a Slurm cluster on this machine, as root and without systemd: munged, slurmctld and
# slurmd's that differ by their ports. Everything lies below one folder. Prints a line for the
# shell with the path of its configuration.
# Usage: up.sh DIR [NODES] [CORES_PER_NODE] [MEMORY_PER_NODE]
set -euo pipefail
dir=$(realpath -m "$1")
nodes=${2:-2}
cores=${3:-8}
memory=${4:-8192}
port=${SLURM_PORT:-$((20000 + RANDOM % 10000))}
host=$(hostname -s)
umask 022
mkdir -p "$dir"/{etc,log,state,munge}
for i in $(seq "$nodes"); do mkdir -p "$dir/spool/n$i"; done
chmod 711 "$dir/munge"
# A key, a socket and a folder of its own. --force: folders above may be writable for others.
head -c 128 /dev/urandom > "$dir/munge/key"
chmod 600 "$dir/munge/key"
munged --force --num-threads=2 --socket="$dir/munge/sock" --key-file="$dir/munge/key" --pid-file="$dir/munge/pid" \
  --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed" 2>> "$dir/log/munged.err"
# config_overrides lets nodes have more cores than the machine. Without cgroups OverMemoryKill
# is what stops a job that takes too much memory. Times are short so that faults show soon.
cat > "$dir/etc/slurm.conf" << CONF
ClusterName=ci
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
AuthType=auth/munge
AuthInfo=socket=$dir/munge/sock
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=defer,sched_interval=1,bf_interval=1,batch_sched_delay=0
MaxArraySize=10001
MaxJobCount=20000
MinJobAge=300
ReturnToService=2
SlurmctldTimeout=5
MessageTimeout=3
TCPTimeout=2
SlurmdTimeout=3
KillWait=2
InactiveLimit=0
Waittime=0
CompleteWait=0
GresTypes=gpu
SlurmdParameters=config_overrides
DefMemPerCPU=256
CONF
for i in $(seq "$nodes"); do
  echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + i)) CPUs=$cores RealMemory=$memory Gres=gpu:1" \
    >> "$dir/etc/slurm.conf"
done
echo "PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP" >> "$dir/etc/slurm.conf"
echo "Name=gpu File=/dev/null" > "$dir/etc/gres.conf" # a GPU that can be asked for
export SLURM_CONF="$dir/etc/slurm.conf"
slurmctld -c -f "$SLURM_CONF"
for i in $(seq "$nodes"); do slurmd -N "n$i" -f "$SLURM_CONF"; done
for _ in $(seq 150); do
  [ "$(sinfo -h -N -o %t 2>/dev/null | grep -c '^idle$')" = "$nodes" ] && { echo "export SLURM_CONF=$SLURM_CONF"; exit 0; }
  sleep 0.1
done
echo "the cluster did not start" >&2
tail -n 20 "$dir"/log/*.log >&2
exit 1
