package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

func (s *site) webhookRoutes() []route {
	who := []collateral.Role{collateral.Admin}
	return []route{
		{method: http.MethodGet, path: "/admin/webhooks", handler: s.webhooks, who: who},
		{method: http.MethodPost, path: "/admin/webhooks", handler: s.addWebhook, who: who},
		{method: http.MethodGet, path: "/admin/webhooks/new", handler: s.newWebhook, who: who},
		{method: http.MethodGet, path: "/admin/webhooks/:id", handler: s.webhook, who: who},
		{method: http.MethodPost, path: "/admin/webhooks/:id", handler: s.changeWebhook, who: who},
		{method: http.MethodPost, path: "/admin/webhooks/:id/do", handler: s.onWebhook, who: who},
		{method: http.MethodPost, path: "/admin/webhooks/:id/secret", handler: s.rotateSecret, who: who},
		{method: http.MethodPost, path: "/admin/deliveries/:id/retry", handler: s.sendAgain, who: who},
	}
}

// webhookList is what the page of all webhooks shows.
type webhookList struct {
	Webhooks []collateral.Webhook
	Sends    bool // this server sends any
}

func (s *site) webhooks(c echo.Context) error {
	ctx := c.Request().Context()
	all, err := s.registry.Webhooks(ctx, actorOf(ctx))
	if err != nil {
		return err
	}
	return s.render(c, "admin-webhooks", page{Title: "Webhooks", Area: areaAdmin, Body: webhookList{all, s.registry.SendsWebhooks()}})
}

// webhookForm is what the form for a new webhook shows.
type webhookForm struct {
	typed
	Events []eventChoice
}

// eventChoice is an event in words.
type eventChoice struct {
	Event collateral.WebhookEvent
	Name  string
}

func eventChoices() []eventChoice {
	var choices []eventChoice
	for _, e := range collateral.WebhookEvents() {
		choices = append(choices, eventChoice{e, eventName(e)})
	}
	return choices
}

// eventName says what happens.
func eventName(e collateral.WebhookEvent) string {
	switch e {
	case collateral.WebhookPublished:
		return "a piece is published"
	case collateral.WebhookWithdrawn:
		return "a piece is withdrawn"
	case collateral.WebhookReviewWaiting:
		return "a piece waits for a signature"
	case collateral.WebhookLinkOpened:
		return "a buyer opens a link"
	case collateral.WebhookTest:
		return "a test"
	}
	return string(e)
}

func (s *site) newWebhook(c echo.Context) error {
	return s.showNewWebhook(c, typed{Form: url.Values{"event": eventValues(collateral.WebhookEvents())}})
}

func (s *site) showNewWebhook(c echo.Context, form typed) error {
	return s.render(c, "admin-webhook-new", page{Title: "New webhook", Area: areaAdmin, Status: form.status(), Body: webhookForm{form, eventChoices()}})
}

// webhookSecret is what is shown this once of a new secret.
type webhookSecret struct {
	Webhook *collateral.Webhook
	Secret  string
	Rotated bool
}

func (s *site) addWebhook(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	made, secret, err := s.registry.AddWebhook(ctx, actorOf(ctx), collateral.NewWebhook{URL: form.Get("url"), Events: eventsOf(form["event"]), Note: form.Get("note")})
	if refusal, ok := isRefusal(err); ok {
		return s.showNewWebhook(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.render(c, "admin-webhook-secret", page{Title: "The secret of the webhook", Area: areaAdmin, Body: webhookSecret{Webhook: made, Secret: secret}})
}

func (s *site) rotateSecret(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	rotated, secret, err := s.registry.RotateWebhookSecret(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	return s.render(c, "admin-webhook-secret", page{Title: "The secret of the webhook", Area: areaAdmin, Body: webhookSecret{rotated, secret, true}})
}

func eventsOf(values []string) []collateral.WebhookEvent {
	events := make([]collateral.WebhookEvent, len(values))
	for i, v := range values {
		events[i] = collateral.WebhookEvent(v)
	}
	return events
}

func eventValues(events []collateral.WebhookEvent) []string {
	values := make([]string, len(events))
	for i, e := range events {
		values[i] = string(e)
	}
	return values
}
