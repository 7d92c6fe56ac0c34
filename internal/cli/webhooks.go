package cli

import "collateral/internal/webhook"

// webhookSettings say where other systems are told of events. Only serve takes them: nobody outside is to hear of the demo's
// inventions.
func webhookSettings() []setting {
	return []setting{
		{"webhook-hosts", "HOSTS", "COLLATERAL_WEBHOOK_HOSTS", none, "where webhooks may lead, such as hooks.example.com,http://n8n.internal:5678, or * for every public host; without it none is sent", setWebhookHosts},
	}
}

func setWebhookHosts(c *Config, value string) error {
	c.Webhooks = nil
	if value == none {
		return nil
	}
	hosts, err := webhook.ParseHosts(value)
	if err != nil {
		return err
	}
	c.Webhooks = webhook.New(hosts)
	return nil
}
