package remote

import (
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// newCredentials looks where people keep credentials: the environment (AWS_*, also MINIO_*), then
// ~/.aws/credentials, then the entry of ~/.mc/config.json for the same server. Without any, requests
// are anonymous. It asks no metadata server: that would make a laptop wait.
func newCredentials(a Address) *credentials.Credentials {
	return credentials.NewChainCredentials([]credentials.Provider{
		&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}, &mcFile{host: a.Host},
	})
}

// maxConfig bounds how much of ~/.mc/config.json is read.
const maxConfig = 1 << 20

// mcFile is the configuration of MinIO's client, which lists servers by names of the user's choice.
// minio-go's own reader wants to know the name; this one takes the entry of the server that is asked.
type mcFile struct {
	host string
	done bool
}

// mcEntry is one server there.
type mcEntry struct {
	URL       string `json:"url"`
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
}

// Retrieve implements credentials.Provider. Without an entry the value is empty.
func (p *mcFile) Retrieve() (credentials.Value, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return credentials.Value{}, err
	}
	f, err := os.Open(filepath.Join(home, ".mc", "config.json"))
	if err != nil {
		return credentials.Value{}, err
	}
	defer f.Close()
	var config struct {
		Hosts   map[string]mcEntry `json:"hosts"` // until version 9
		Aliases map[string]mcEntry `json:"aliases"`
	}
	if err := json.NewDecoder(io.LimitReader(f, maxConfig)).Decode(&config); err != nil {
		return credentials.Value{}, err
	}
	for _, list := range []map[string]mcEntry{config.Aliases, config.Hosts} {
		for _, e := range list {
			if u, err := url.Parse(e.URL); err == nil && u.Host == p.host && e.AccessKey != "" {
				p.done = true
				return credentials.Value{AccessKeyID: e.AccessKey, SecretAccessKey: e.SecretKey,
					SignerType: credentials.SignatureV4}, nil
			}
		}
	}
	return credentials.Value{}, nil
}

// RetrieveWithCredContext implements credentials.Provider.
func (p *mcFile) RetrieveWithCredContext(*credentials.CredContext) (credentials.Value, error) {
	return p.Retrieve()
}

// IsExpired implements credentials.Provider.
func (p *mcFile) IsExpired() bool { return !p.done }
