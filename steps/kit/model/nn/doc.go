// Package nn trains and runs five small neural networks: an mlp on summaries of
// windows, and a cnn, a gru, an lstm and a transformer on their tensors.
//
// Call [Train] to fit one to windows, [Open] to read one that was saved. A network
// is a list of layers (arch.go); read that first, then layer.go for what a layer
// is, dense.go for the simplest one, run.go and joint.go for how a batch goes through
// them all, and training.go for the training.
//
// Every number is a float32 from package kernel/f32, whose bits are the same on
// every machine. A batch is cut into shards, and a shard into pieces, by the
// network alone. Sums over a batch add up piece by piece within a shard, and then
// shard by shard, so the number of workers shows nowhere.
package nn
