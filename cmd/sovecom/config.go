package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sovecom/sovecom/gateway"
	"github.com/sovecom/sovecom/kit/config"
	"github.com/sovecom/sovecom/services/cart"
	"github.com/sovecom/sovecom/services/catalog"
	"github.com/sovecom/sovecom/services/checkout"
	"github.com/sovecom/sovecom/services/identity"
	"github.com/sovecom/sovecom/services/inventory"
	"github.com/sovecom/sovecom/services/media"
	"github.com/sovecom/sovecom/services/search"
	"github.com/sovecom/sovecom/services/webhook"
)

// Config is everything that can be set, once per process.
type Config struct {
	HTTPAddr      string        `config:"http_addr" doc:"Address to listen on: the public API for the gateway, health and metrics for a room."`
	DataDir       string        `config:"data_dir" doc:"Folder for everything that is kept on disk."`
	PostgresURL   config.Secret `config:"postgres_url" doc:"PostgreSQL 15 or newer, as a role that may create roles and schemas."`
	PostgresPool  int           `config:"postgres_pool" doc:"Largest number of database connections per room; at least 2."`
	NATSURL       config.Secret `config:"nats_url" doc:"NATS server with JetStream."`
	NATSReplicas  int           `config:"nats_replicas" doc:"Copies of each event in a NATS cluster: 1, 3 or 5."`
	RedisURL      config.Secret `config:"redis_url" doc:"Redis 7 or Valkey; holds only what may be lost."`
	AdminEmail    string        `config:"admin_email" doc:"E-mail of the owner, created when there is no staff yet."`
	AdminPassword config.Secret `config:"admin_password" doc:"Password of that owner; generated and printed once when empty."`
	SecretKey     config.Secret `config:"secret_key" doc:"At least 32 characters from which all other secrets are derived; made and kept by itself when empty."`
	MediaURL      string        `config:"media_url" doc:"Where the gateway reaches the media room over HTTP; found through NATS when empty."`
	AdvertiseURL  string        `config:"advertise_url" doc:"Under which URL others reach this process over HTTP; worked out when empty."`
	AutoMigrate   bool          `config:"auto_migrate" doc:"Bring the database up to date at start."`
	DrainDelay    time.Duration `config:"drain_delay" doc:"How long to go on serving after saying not ready, for load balancers to notice."`
	LogLevel      string        `config:"log_level" doc:"debug, info, warn or error."`
	LogFormat     string        `config:"log_format" doc:"json, text, or auto: text at a terminal."`
	OTLPEndpoint  string        `config:"otlp_endpoint" doc:"OpenTelemetry collector for traces, e.g. http://collector:4318; empty sends nothing to anyone."`
	OTLPAuth      config.Secret `config:"otlp_authorization" doc:"Authorization header for the collector."`
	TraceRatio    float64       `config:"trace_ratio" doc:"Share of requests that are traced, 0 to 1."`
	Dev           bool          `config:"dev" doc:"Allows the switches that are for development only."`
	ClockOffset   time.Duration `config:"clock_offset" doc:"Moves the clock; for development only."`
	StopAt        string        `config:"stop_at" doc:"Kills the process at a named point of the order saga; for development only."`

	URLs roomURLs `config:"room_urls"`

	Gateway   gateway.Config   `config:"gateway"`
	Catalog   catalog.Config   `config:"catalog"`
	Inventory inventory.Config `config:"inventory"`
	Cart      cart.Config      `config:"cart"`
	Checkout  checkout.Config  `config:"checkout"`
	Identity  identity.Config  `config:"identity"`
	Media     media.Config     `config:"media"`
	Search    search.Config    `config:"search"`
	Webhook   webhook.Config   `config:"webhook"`
}

// roomURLs let an operator make the roles by hand; a room whose URL is given is not given a password. All lead to one server,
// by whatever way: what one room commits has to be certain by the time another's commit is.
type roomURLs struct {
	Catalog   config.Secret `config:"catalog" env:"SOVECOM_CATALOG_POSTGRES_URL" doc:"A URL with a role made by hand for the catalog room, to the same PostgreSQL as the other rooms' (docs/adr/0007); derived from postgres_url when empty."`
	Inventory config.Secret `config:"inventory" env:"SOVECOM_INVENTORY_POSTGRES_URL" doc:"The same for inventory."`
	Cart      config.Secret `config:"cart" env:"SOVECOM_CART_POSTGRES_URL" doc:"The same for cart."`
	Checkout  config.Secret `config:"checkout" env:"SOVECOM_CHECKOUT_POSTGRES_URL" doc:"The same for checkout."`
	Content   config.Secret `config:"content" env:"SOVECOM_CONTENT_POSTGRES_URL" doc:"The same for content."`
	Identity  config.Secret `config:"identity" env:"SOVECOM_IDENTITY_POSTGRES_URL" doc:"The same for identity."`
	Media     config.Secret `config:"media" env:"SOVECOM_MEDIA_POSTGRES_URL" doc:"The same for media."`
	Search    config.Secret `config:"search" env:"SOVECOM_SEARCH_POSTGRES_URL" doc:"The same for search."`
	Webhook   config.Secret `config:"webhook" env:"SOVECOM_WEBHOOK_POSTGRES_URL" doc:"The same for webhook."`
	Gateway   config.Secret `config:"gateway" env:"SOVECOM_GATEWAY_POSTGRES_URL" doc:"The same for the gateway."`
}

func (u roomURLs) of(room string) string {
	return map[string]config.Secret{
		"catalog": u.Catalog, "inventory": u.Inventory, "cart": u.Cart, "checkout": u.Checkout, "identity": u.Identity,
		"media": u.Media, "content": u.Content, "search": u.Search, "webhook": u.Webhook, "gateway": u.Gateway,
	}[room].Reveal()
}

func defaults() Config {
	return Config{
		HTTPAddr: "127.0.0.1:8080", DataDir: ".sovecom", PostgresPool: 8, NATSReplicas: 1, AdminEmail: "owner@example.com",
		AutoMigrate: true, LogLevel: "info", LogFormat: "auto", TraceRatio: 1,
		Gateway: gateway.DefaultConfig(), Catalog: catalog.DefaultConfig(), Inventory: inventory.DefaultConfig(),
		Cart: cart.DefaultConfig(), Checkout: checkout.DefaultConfig(), Identity: identity.DefaultConfig(),
		Media: media.DefaultConfig(), Search: search.DefaultConfig(), Webhook: webhook.DefaultConfig(),
	}
}

// Validate refuses what could not work, in one sentence each.
func (c Config) Validate() error {
	var problems []error
	if c.PostgresPool < 2 {
		problems = append(problems, fmt.Errorf("postgres_pool is %d; a room needs at least 2 connections", c.PostgresPool))
	}
	if n := len(c.SecretKey.Reveal()); n > 0 && n < 32 {
		problems = append(problems, errors.New("secret_key is too short; it needs at least 32 characters"))
	}
	if !c.Dev {
		for name, set := range map[string]bool{
			"webhook.allow_insecure (SOVECOM_WEBHOOK_ALLOW_INSECURE)": c.Webhook.AllowInsecure,
			"media.allow_insecure (SOVECOM_MEDIA_ALLOW_INSECURE)":     c.Media.AllowInsecure,
			"clock_offset (SOVECOM_CLOCK_OFFSET)":                     c.ClockOffset != 0,
			"stop_at (SOVECOM_STOP_AT)":                               c.StopAt != "",
		} {
			if set {
				problems = append(problems, fmt.Errorf("%s is a switch for development; it needs SOVECOM_DEV=true", name))
			}
		}
	}
	return errors.Join(problems...)
}

// configFlags are shared by every command that reads the configuration.
type configFlags struct {
	Config  string `help:"YAML file with settings." type:"existingfile" placeholder:"FILE"`
	DataDir string `help:"Folder for everything that is kept on disk." placeholder:"DIR"`
	Addr    string `help:"Address to listen on." placeholder:"HOST:PORT"`

	PostgresURL string `help:"PostgreSQL to use." placeholder:"URL"`
	NATSURL     string `help:"NATS server to use." name:"nats-url" placeholder:"URL"`
	RedisURL    string `help:"Redis to use." placeholder:"URL"`
}

// load reads file and environment; flags are strongest.
func (f configFlags) load() (Config, config.Report, error) {
	environ := os.Environ()
	for name, value := range map[string]string{
		"DATA_DIR": f.DataDir, "HTTP_ADDR": f.Addr, "POSTGRES_URL": f.PostgresURL, "NATS_URL": f.NATSURL, "REDIS_URL": f.RedisURL,
	} {
		if value != "" {
			environ = append(environ, config.EnvPrefix+name+"="+value)
		}
	}
	c, report, err := config.Load(defaults(), config.Options{Path: f.Config, Environ: lastWins(environ), Allow: []string{"SOVECOM_URL", "SOVECOM_TEST_*"}})
	if err != nil {
		return c, report, err
	}
	if c.DataDir, err = filepath.Abs(c.DataDir); err != nil {
		return c, report, err
	}
	if c.Media.Dir == "" {
		c.Media.Dir = filepath.Join(c.DataDir, "media")
	}
	return c, report, nil
}

// lastWins keeps the last of several values of one variable, so that a flag replaces what the environment says.
func lastWins(environ []string) []string {
	at := map[string]int{}
	var out []string
	for _, e := range environ {
		name := e
		for i := range e {
			if e[i] == '=' {
				name = e[:i]
				break
			}
		}
		if i, ok := at[name]; ok {
			out[i] = e
			continue
		}
		at[name] = len(out)
		out = append(out, e)
	}
	return out
}
