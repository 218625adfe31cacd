//! The campaign as a Slurm job array with a dependent merge.

use super::spec::Spec;
use anyhow::Result;
use std::path::Path;

/// How the array is cut.
#[derive(Clone, Copy, Debug)]
pub struct Array {
    /// Tasks of the array; task i runs the shards i, i + tasks, ...
    pub tasks: u64,
    /// Tasks at a time, 0 = as many as the cluster gives.
    pub at_once: u64,
    /// Wall-clock limit of a task in minutes.
    pub minutes: u64,
}

/// A shell script that submits array and merge, and prints the number of the merge job.
pub fn script(spec: &Spec, program: &Path, campaign: &Path, folder: &Path, array: Array) -> Result<String> {
    let tasks = array.tasks.clamp(1, spec.plan()?.shards.len() as u64);
    let limit = if array.at_once > 0 { format!("%{}", array.at_once) } else { String::new() };
    let quote = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let (program, campaign, folder) = (quote(program), quote(campaign), quote(folder));
    let name: String = spec.name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    Ok(format!(
        r#"#!/bin/sh
# Submits campaign {name} (spec {hash}). A killed or requeued task starts again where its results end.
set -eu
mkdir -p {folder}
array=$(sbatch --parsable <<'TASK'
#!/bin/sh
#SBATCH --job-name={name}
#SBATCH --array=0-{last}{limit}
#SBATCH --cpus-per-task=1
#SBATCH --time={minutes}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output={name}-%A_%a.log
exec {program} --quiet campaign shard {campaign} --out {folder} --index "$SLURM_ARRAY_TASK_ID" --of {tasks}
TASK
)
sbatch --parsable --dependency=afterok:"$array" <<'MERGE'
#!/bin/sh
#SBATCH --job-name={name}-merge
#SBATCH --requeue
#SBATCH --output={name}-merge-%j.log
exec {program} --quiet campaign merge {campaign} --out {folder}
MERGE
"#,
        hash = spec.hash(),
        last = tasks - 1,
        minutes = array.minutes,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_array_requeue_and_a_dependent_merge() {
        let spec = Spec::parse(
            "name = \"a b;c\"\nseed = 1\nshard_frames = 10\n[[points]]\nchannels = [{kind = \"bsc\", ber = 1e-3}]\n\
             schemes = [\"L2\"]\nframes = 95",
        )
        .unwrap();
        let array = Array { tasks: 64, at_once: 2, minutes: 30 };
        let text =
            script(&spec, Path::new("/usr/bin/firstlight"), Path::new("it's.toml"), Path::new("out"), array).unwrap();
        for want in [
            "--array=0-9%2",
            "--requeue",
            "--dependency=afterok:\"$array\"",
            "--job-name=abc\n",
            r"'it'\''s.toml'",
            "--of 10\n",
            "--time=30",
        ] {
            assert!(text.contains(want), "{want} is missing in\n{text}");
        }
    }
}
