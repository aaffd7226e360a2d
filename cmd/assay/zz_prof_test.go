package main

import ("os";"testing";"fmt";"io";"path/filepath")

func TestZZProf(t *testing.T) {
	dir := os.Getenv("ZZ"); if dir=="" {t.Skip()}
	os.WriteFile(filepath.Join(dir,"src/0"), []byte(fmt.Sprint("x", os.Getpid())), 0o666)
	if c := Main([]string{"run","r.yaml","-j","2","-C",dir}, io.Discard, io.Discard); c!=0 {t.Fatal(c)}
}
