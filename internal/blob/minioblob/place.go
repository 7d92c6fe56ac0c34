package minioblob

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/minio/minio-go/v7/pkg/encrypt"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// Place says where a bucket is, and how it is spoken to.
type Place struct {
	Bucket    string
	Prefix    string // of every key; "" or with a slash at its end
	Endpoint  *url.URL
	Public    *url.URL // where those who follow links reach the store; Endpoint unless it was given
	Region    string
	PathStyle bool               // the bucket stands in the path of an address, and not in its host
	Create    bool               // the bucket may be made
	CA        string             // file with the certificates of who may have signed the store's; "" for those of the system
	SSE       encrypt.ServerSide // nil for what the bucket does by itself
}

// Keys are who we are to the store. Without an access key those of the machine are asked for, as AWS gives them to it.
type Keys struct {
	Access, Secret string
	Session        string // of temporary keys; mostly ""
}

// awsHost is the endpoint of those who name none.
const awsHost = "s3.amazonaws.com"

// ParsePlace reads s3://BUCKET[/PREFIX][?OPTIONS]. Its errors never repeat what could be a secret.
//
//	endpoint=https://HOST[:PORT]  the store; without it, AWS. http:// speaks without TLS
//	public=https://HOST[:PORT]    the same store, as those who follow links reach it
//	region=REGION                 us-east-1
//	path-style=true|false         true with an endpoint, false on AWS
//	create=true|false             false
//	ca=FILE                       PEM certificates to trust in place of the system's
//	sse=s3 | kms:KEY              server-side encryption, by the store's key or a named one
func ParsePlace(text string) (Place, error) {
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "s3" {
		return Place{}, errors.New("write the address of the bucket as s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION")
	}
	if at.User != nil {
		return Place{}, errors.New("keys have no place in an address: put them into S3_ACCESS_KEY and S3_SECRET_KEY")
	}
	p := Place{Bucket: at.Host, Prefix: strings.Trim(at.Path, "/"), Region: "us-east-1"}
	if err := s3utils.CheckValidBucketNameStrict(p.Bucket); err != nil {
		return Place{}, fmt.Errorf("%q cannot be the name of a bucket: use 3 to 63 lower-case letters, digits, points and hyphens", p.Bucket)
	}
	if p.Prefix != "" {
		if slices.ContainsFunc(strings.Split(p.Prefix, "/"), func(part string) bool { return part == "" || part == "." || part == ".." }) {
			return Place{}, fmt.Errorf("%q cannot be the prefix of keys", p.Prefix)
		}
		p.Prefix += "/"
	}
	return p.withOptions(at.RawQuery)
}

func (p Place) withOptions(query string) (Place, error) {
	options, err := url.ParseQuery(query)
	if err != nil {
		return Place{}, errors.New("what stands behind the question mark of the bucket's address cannot be read: separate options by &, and write %25 for %")
	}
	p.Endpoint = &url.URL{Scheme: "https", Host: awsHost}
	p.PathStyle = options.Has("endpoint")
	for name, values := range options {
		value := values[0]
		switch name {
		case "endpoint":
			p.Endpoint, err = parseEndpoint(name, value)
		case "public":
			p.Public, err = parseEndpoint(name, value)
		case "region":
			p.Region = value
		case "path-style":
			p.PathStyle, err = parseBool(name, value)
		case "create":
			p.Create, err = parseBool(name, value)
		case "ca":
			p.CA = value
		case "sse":
			p.SSE, err = parseSSE(value)
		default:
			err = fmt.Errorf("there is no option %q for a bucket: use endpoint, public, region, path-style, create, ca or sse", name)
		}
		if err == nil && value == "" {
			err = fmt.Errorf("the option %s of the bucket's address is empty", name)
		}
		if err != nil {
			return Place{}, err
		}
	}
	if p.Public == nil {
		p.Public = p.Endpoint
	}
	return p, nil
}

func parseEndpoint(name, value string) (*url.URL, error) {
	at, err := url.Parse(value)
	if err == nil && at.User != nil {
		return nil, fmt.Errorf("keys have no place in %s: put them into S3_ACCESS_KEY and S3_SECRET_KEY", name)
	}
	if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Hostname() == "" || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" || at.Fragment != "" {
		return nil, fmt.Errorf("%s is not the address of a server: write it like https://s3.example.com or http://127.0.0.1:7070, without a path", name)
	}
	return &url.URL{Scheme: at.Scheme, Host: at.Host}, nil
}

func parseBool(name, value string) (bool, error) {
	on, err := strconv.ParseBool(value)
	if err != nil {
		return false, fmt.Errorf("%s is true or false", name)
	}
	return on, nil
}

func parseSSE(value string) (encrypt.ServerSide, error) {
	if value == "s3" {
		return encrypt.NewSSE(), nil
	}
	key, ok := strings.CutPrefix(value, "kms:")
	if !ok || key == "" {
		return nil, errors.New("sse is s3, for a key of the store, or kms:KEY")
	}
	return encrypt.NewSSEKMS(key, nil)
}

// key is where an object of a name is kept.
func (p Place) key(name string) string { return p.Prefix + name }

// onAWS tells whether the store is the one whose machines have keys of their own.
func (p Place) onAWS() bool { return s3utils.IsAmazonEndpoint(*p.Endpoint) }
