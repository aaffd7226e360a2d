package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// An inode is a file with several names. It is assay's own if all of them are
// in the output.
type inode struct{ names []string }

// take makes a blob of a file of the output, or puts it off if it has several
// names.
func (c *commitment) take(name string) error {
	f, st, err := disk.OpenOwn(c.path(name))
	if err != nil {
		return err
	}
	defer f.Close()
	if disk.NamesOf(st) > 1 {
		c.putOff(name, st)
		return nil
	}
	return c.keep(name, f, st, !disk.IsOwn(st))
}

// putOff enters one of several names of a file.
func (c *commitment) putOff(name string, st fs.FileInfo) {
	id := disk.IDOf(st)
	if in, ok := c.inodes[id]; ok {
		in.names = append(in.names, name)
		return
	}
	in := &inode{names: []string{name}}
	c.inodes[id] = in
	c.linked = append(c.linked, in)
}

// takeLinked takes the files that were put off, when all their names in the
// output are known.
func (c *commitment) takeLinked() error {
	for _, in := range c.linked {
		first := in.names[0]
		f, st, err := disk.OpenOwn(c.path(first))
		if err == nil {
			foreign := !disk.IsOwn(st) || disk.NamesOf(st) > len(in.names)
			err = errors.Join(c.keep(first, f, st, foreign), f.Close())
		}
		if err != nil {
			return fmt.Errorf("file %s: %w", first, err)
		}
		for _, name := range in.names[1:] {
			c.digests[name] = c.digests[first]
		}
	}
	return nil
}

// keep makes a blob of the open file: of a foreign one, a copy.
func (c *commitment) keep(name string, f *os.File, st fs.FileInfo, foreign bool) error {
	if !foreign && c.isWrittenTo(f) {
		c.written = append(c.written, name)
		foreign = true
	}
	var err error
	if foreign {
		c.digests[name], err = c.adoptCopy(f)
	} else {
		c.digests[name], err = c.adopt(f, st)
	}
	return err
}

// dying is how long a process that was killed may take to close its files.
const dying = 100 * time.Millisecond

// isWrittenTo reports whether somebody has the file open for writing, who does not
// close it soon. All files of an output wait that long together.
func (c *commitment) isWrittenTo(f *os.File) bool {
	for disk.HasWriter(f) {
		if c.waited >= dying {
			return true
		}
		time.Sleep(time.Millisecond)
		c.waited += time.Millisecond
	}
	return false
}

// adopt makes a blob of a file that is assay's own, which then is gone from where
// it was. st is what it looked like before it was read.
func (c *commitment) adopt(f *os.File, st fs.FileInfo) (artifacts.Digest, error) {
	d, err := artifacts.HashOpen(f)
	if err != nil {
		return d, err
	}
	if c.s.Whole(d, false) {
		return d, disk.InOwnDir(f.Name(), os.Remove)
	}
	if err := f.Chmod(BlobMode); err != nil {
		return d, err
	}
	err = disk.InOwnDir(f.Name(), func(path string) error { return moveTo(path, c.s.Path(d)) })
	if err != nil {
		return d, err
	}
	c.s.unsealed.add(c.s, d, st)
	return d, nil
}

// adoptCopy makes a blob of a copy of a file, which stays as it is. The copy
// shares blocks with it where the file system can (see [copyOut]), and its
// content is what counts: the file may change meanwhile.
func (c *commitment) adoptCopy(f *os.File) (artifacts.Digest, error) {
	d, err := artifacts.HashOpen(f)
	if err != nil || c.s.Whole(d, false) {
		return d, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return d, err
	}
	own, err := c.s.work.File()
	if err != nil {
		return d, err
	}
	defer own.Close()
	_, err = io.Copy(own, f)
	if err == nil {
		_, err = own.Seek(0, io.SeekStart)
	}
	var st fs.FileInfo
	if err == nil {
		st, err = own.Stat()
	}
	if err == nil {
		d, err = c.adopt(own, st)
	}
	if err != nil {
		os.Remove(own.Name())
	}
	return d, err
}
