// Package remote measures push and pull against a bare copy with minio-go: the same files, the
// same server, as many at once, in turns, in time on the clock.
//
// Run it with: ASSAY_BENCH_REMOTE=s3+http://HOST/BUCKET/PREFIX go test -bench . -benchtime 1x ./bench/remote
// It writes to that prefix. .ci/s3.sh starts servers for it; figures that were seen are in bench/README.md.
package remote
