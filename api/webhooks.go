package api

import (
	"context"
	"encoding/json"
	"fmt"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListWebhooks(ctx context.Context, _ ListWebhooksRequestObject) (ListWebhooksResponseObject, error) {
	webhooks, err := s.registry.Webhooks(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return ListWebhooks200JSONResponse{Items: each(webhooks, webhookAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) CreateWebhook(ctx context.Context, r CreateWebhookRequestObject) (CreateWebhookResponseObject, error) {
	wanted := collateral.NewWebhook{URL: r.Body.URL, Events: words[collateral.WebhookEvent](r.Body.Events), Note: r.Body.Note}
	w, secret, err := s.registry.AddWebhook(ctx, httpd.CallOf(ctx).Actor, wanted)
	if err != nil {
		return nil, err
	}
	return CreateWebhook201JSONResponse{Webhook: webhookAnswer(*w), Secret: secret}, nil
}

func (s *server) GetWebhook(ctx context.Context, r GetWebhookRequestObject) (GetWebhookResponseObject, error) {
	w, err := s.registry.Webhook(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return GetWebhook200JSONResponse(webhookAnswer(*w)), nil
}

func (s *server) UpdateWebhook(ctx context.Context, r UpdateWebhookRequestObject) (UpdateWebhookResponseObject, error) {
	change := collateral.WebhookChange{URL: present(r.Body.URL), Active: r.Body.Active}
	if r.Body.Note.IsSpecified() {
		change.Note = new(orZero(r.Body.Note))
	}
	if r.Body.Events != nil {
		change.Events = new(words[collateral.WebhookEvent](r.Body.Events))
	}
	w, err := s.registry.ChangeWebhook(ctx, httpd.CallOf(ctx).Actor, r.ID, change)
	if err != nil {
		return nil, err
	}
	return UpdateWebhook200JSONResponse(webhookAnswer(*w)), nil
}

func (s *server) DeleteWebhook(ctx context.Context, r DeleteWebhookRequestObject) (DeleteWebhookResponseObject, error) {
	if err := s.registry.DeleteWebhook(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return DeleteWebhook204Response{}, nil
}

func (s *server) RotateWebhookSecret(ctx context.Context, r RotateWebhookSecretRequestObject) (RotateWebhookSecretResponseObject, error) {
	w, secret, err := s.registry.RotateWebhookSecret(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return RotateWebhookSecret200JSONResponse{Webhook: webhookAnswer(*w), Secret: secret}, nil
}

func (s *server) TestWebhook(ctx context.Context, r TestWebhookRequestObject) (TestWebhookResponseObject, error) {
	d, err := s.registry.TestWebhook(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := deliveryAnswer(*d)
	return TestWebhook202JSONResponse(answer), err
}

func (s *server) ListWebhookDeliveries(ctx context.Context, r ListWebhookDeliveriesRequestObject) (ListWebhookDeliveriesResponseObject, error) {
	deliveries, next, err := s.registry.Deliveries(ctx, httpd.CallOf(ctx).Actor, r.ID, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	items := make([]WebhookDelivery, len(deliveries))
	for i, d := range deliveries {
		if items[i], err = deliveryAnswer(d); err != nil {
			return nil, err
		}
	}
	return ListWebhookDeliveries200JSONResponse{Items: items, NextCursor: nextCursor(next)}, nil
}

func (s *server) RetryWebhookDelivery(ctx context.Context, r RetryWebhookDeliveryRequestObject) (RetryWebhookDeliveryResponseObject, error) {
	d, err := s.registry.RetryDelivery(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := deliveryAnswer(*d)
	return RetryWebhookDelivery202JSONResponse(answer), err
}

func webhookAnswer(w collateral.Webhook) Webhook {
	return Webhook{
		ID: w.ID, URL: w.URL, Events: words[WebhookEvent](w.Events), Note: w.Note, Active: w.Active, OffBecause: orNull(WebhookOffBecause(w.Off)),
		FailingSince: deref(w.FailingSince), OldSecretUntil: deref(w.OldSecretUntil), CreatedBy: w.CreatedBy, CreatedAt: w.CreatedAt,
	}
}

func deliveryAnswer(d collateral.Delivery) (WebhookDelivery, error) {
	answer := WebhookDelivery{
		ID: d.ID, WebhookID: d.WebhookID, State: WebhookDeliveryState(d.State), Attempts: int32(d.Attempts), LastStatus: orNull(int32(d.Status)),
		LastError: orNull(d.Error), At: d.At, NextAt: deref(d.NextAt), EndedAt: deref(d.EndedAt),
	}
	if err := json.Unmarshal([]byte(d.Body), &answer.Message); err != nil {
		return answer, fmt.Errorf("reading the message of delivery %s: %w", d.ID, err)
	}
	return answer, nil
}
