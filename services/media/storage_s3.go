package media

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sovecom/sovecom/kit/config"
	"github.com/sovecom/sovecom/kit/id"
)

// S3Config says where a bucket is. Any server that speaks S3 with signature version 4 will do.
type S3Config struct {
	Endpoint  string        `config:"endpoint" doc:"Address of the S3 server, e.g. https://s3.eu-central-1.amazonaws.com; http:// is for a server in the same network."`
	Region    string        `config:"region" doc:"Region of the bucket."`
	Bucket    string        `config:"bucket" doc:"Bucket that holds pictures and files, which has to be private; empty keeps them in media.dir."`
	AccessKey config.Secret `config:"access_key" doc:"Access key of somebody who may read, write, list and delete in the bucket."`
	SecretKey config.Secret `config:"secret_key" doc:"Secret key that belongs to it."`
	PathStyle bool          `config:"path_style" doc:"Put the bucket into the path instead of the host name, as most servers other than Amazon's want it."`
	Prefix    string        `config:"prefix" doc:"What all names in the bucket begin with, when the bucket holds other things too."`
}

// s3 is a bucket, or the part of it below a prefix.
type s3 struct {
	client *minio.Client
	bucket string
	prefix string // empty, or with a slash at its end
}

func openS3(cfg S3Config) (*s3, error) {
	endpoint, err := url.Parse(cfg.Endpoint)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" || strings.Trim(endpoint.Path, "/") != "" {
		return nil, errors.New("media: s3.endpoint has to be a URL such as https://s3.example.com")
	}
	lookup := minio.BucketLookupAuto
	if cfg.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(cfg.AccessKey.Reveal(), cfg.SecretKey.Reveal(), ""),
		Secure:       endpoint.Scheme == "https",
		Region:       cfg.Region,
		BucketLookup: lookup,
		MaxRetries:   3,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			IdleConnTimeout:       time.Minute,
			MaxIdleConnsPerHost:   16,
			DisableCompression:    true,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("media: s3: %w", err)
	}
	prefix := strings.Trim(cfg.Prefix, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &s3{client, cfg.Bucket, prefix}, nil
}

func (s *s3) String() string { return "bucket " + s.bucket + " at " + s.client.EndpointURL().Host }

// put sends the file in pieces when it is large, each read from the file as it is sent. S3 shows an object when all of it
// is there.
func (s *s3) put(ctx context.Context, name, file, contentType string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = s.client.PutObject(ctx, s.bucket, s.prefix+name, f, info.Size(), minio.PutObjectOptions{ContentType: contentType, PartSize: 16 << 20, NumThreads: 2})
	return missing(err)
}

func (s *s3) open(ctx context.Context, name string) (object, error) {
	o, err := s.client.GetObject(ctx, s.bucket, s.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err)
	}
	if _, err := o.Stat(); err != nil {
		return nil, errors.Join(missing(err), o.Close())
	}
	return o, nil
}

func (s *s3) exists(ctx context.Context, name string) (bool, error) {
	_, err := s.client.StatObject(ctx, s.bucket, s.prefix+name, minio.StatObjectOptions{})
	if err = missing(err); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (s *s3) remove(ctx context.Context, name string) error {
	err := missing(s.client.RemoveObject(ctx, s.bucket, s.prefix+name, minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *s3) walk(ctx context.Context, prefix string, age time.Duration, seen func(name string) error) error {
	var before time.Time
	if age > 0 {
		now, err := s.clock(ctx)
		if err != nil {
			return err
		}
		before = now.Add(-age)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // the listing goes on until somebody has taken it, or until this
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix + prefix, Recursive: true}) {
		if o.Err != nil {
			return missing(o.Err)
		}
		if strings.HasSuffix(o.Key, "/") || age > 0 && !o.LastModified.Before(before) {
			continue
		}
		if err := seen(strings.TrimPrefix(o.Key, s.prefix)); err != nil {
			return err
		}
	}
	return nil
}

// clock asks the server for its time.
func (s *s3) clock(ctx context.Context) (time.Time, error) {
	name := s.prefix + path.Join(healthFolder, id.New().String())
	if _, err := s.client.PutObject(ctx, s.bucket, name, strings.NewReader("?"), 1, minio.PutObjectOptions{}); err != nil {
		return time.Time{}, err
	}
	info, err := s.client.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{})
	return info.LastModified, errors.Join(err, s.client.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{}))
}

func (s *s3) presign(ctx context.Context, g grant) (signed, bool, error) {
	if g.put {
		// The length is signed too: nobody fills the bucket with more than was announced.
		headers := map[string]string{"Content-Length": strconv.FormatInt(g.size, 10)}
		u, err := s.client.PresignHeader(ctx, http.MethodPut, s.bucket, s.prefix+g.name, g.ttl, nil, http.Header{"Content-Length": {headers["Content-Length"]}})
		if err != nil {
			return signed{}, false, err
		}
		return signed{u.String(), headers}, true, nil
	}
	query := url.Values{
		"response-content-disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": g.filename})},
		"response-content-type":        {g.contentType},
		"response-cache-control":       {"private, no-store"},
	}
	u, err := s.client.PresignedGetObject(ctx, s.bucket, s.prefix+g.name, g.ttl, query)
	if err != nil {
		return signed{}, false, err
	}
	return signed{url: u.String()}, true, nil
}

// missing tells an object that is not there from a server that has a problem.
func missing(err error) error {
	if err == nil {
		return nil
	}
	switch minio.ToErrorResponse(err).Code {
	case "NoSuchKey", "NotFound":
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}
