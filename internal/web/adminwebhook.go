package web

import (
	"bytes"
	"encoding/json"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// webhookPage is what the page of one webhook shows.
type webhookPage struct {
	typed
	Webhook   *collateral.Webhook
	CreatedBy string
	Events    []eventChoice
	Log       []deliveryLine
	Next      string // the address of the next page of the log
	Sends     bool   // this server sends any
}

// deliveryLine is a delivery as the log shows it.
type deliveryLine struct {
	collateral.Delivery
	Name    string // of what happened
	Message string // the body, laid out
}

func (s *site) webhook(c echo.Context) error { return s.showWebhook(c, typed{}) }

// showWebhook shows the page with the form as it was typed.
func (s *site) showWebhook(c echo.Context, form typed) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	shown := webhookPage{typed: form, Events: eventChoices(), Sends: s.registry.SendsWebhooks()}
	if shown.Webhook, err = s.registry.Webhook(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	if shown.Form == nil {
		shown.Form = url.Values{"url": {shown.Webhook.URL}, "event": eventValues(shown.Webhook.Events), "note": {shown.Webhook.Note}}
	}
	named, err := s.names(ctx, shown.Webhook.CreatedBy)
	if err != nil {
		return err
	}
	shown.CreatedBy = named[shown.Webhook.CreatedBy]
	log, next, err := s.registry.Deliveries(ctx, actorOf(ctx), id, collateral.Paging{Limit: linesPerPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	for _, d := range log {
		shown.Log = append(shown.Log, deliveryLine{d, eventName(d.Event), laidOut(d.Body)})
	}
	shown.Next = nextPage("/admin/webhooks/"+id.String(), nil, next)
	return s.render(c, "admin-webhook", page{Title: "Webhook to " + shown.Webhook.Host(), Area: areaAdmin, Status: form.status(), Body: shown})
}

// laidOut breaks JSON into lines.
func laidOut(body string) string {
	var lines bytes.Buffer
	if err := json.Indent(&lines, []byte(body), "", "  "); err != nil {
		return body
	}
	return lines.String()
}

func (s *site) changeWebhook(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	_, err = s.registry.ChangeWebhook(ctx, actorOf(ctx), id, collateral.WebhookChange{
		URL: new(form.Get("url")), Events: new(eventsOf(form["event"])), Note: new(form.Get("note")),
	})
	if refusal, ok := isRefusal(err); ok && refusal.Kind != collateral.NotFound {
		return s.showWebhook(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, pathOfWebhook(id), "The webhook is saved.")
}

// onWebhook tries a webhook, switches it on or off, or deletes it, whichever button was pressed.
func (s *site) onWebhook(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, back := c.Request().Context(), pathOfWebhook(id)
	actor := actorOf(ctx)
	var said string
	switch c.Request().PostForm.Get("do") {
	case "test":
		_, err = s.registry.TestWebhook(ctx, actor, id)
		said = "A test is on its way. Look again in a moment: the log tells what becomes of it."
	case "on":
		_, err = s.registry.ChangeWebhook(ctx, actor, id, collateral.WebhookChange{Active: new(true)})
		said = "The webhook is switched on. What happened meanwhile is not told."
	case "off":
		_, err = s.registry.ChangeWebhook(ctx, actor, id, collateral.WebhookChange{Active: new(false)})
		said = "The webhook is switched off. Nothing is told there any more."
	case "delete":
		err = s.registry.DeleteWebhook(ctx, actor, id)
		back, said = "/admin/webhooks", "The webhook and its log are deleted."
	default:
		return unreadable()
	}
	if refusal, ok := isRefusal(err); ok && refusal.Kind != collateral.NotFound {
		return s.showWebhook(c, typed{Fault: refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, back, "%s", said)
}

func (s *site) sendAgain(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	sent, err := s.registry.RetryDelivery(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	return s.done(c, pathOfWebhook(sent.WebhookID)+"#log", "It is on its way again.")
}

func pathOfWebhook(id uuid.UUID) string { return "/admin/webhooks/" + id.String() }
