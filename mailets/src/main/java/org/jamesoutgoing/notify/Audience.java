/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.queue.Notification;
import org.jamesoutgoing.routing.DsnPolicy;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;

/** Who gets DSNs as routes say now; what the sender asked for with {@code NOTIFY} comes on top. Thread-safe. */
final class Audience {

    private final MailetContext context;
    private final RoutingTable routes;

    Audience(MailetContext context, RoutingTable routes) {
        this.context = context;
        this.routes = routes;
    }

    /** What of a notification this sender may be told. May block on James's list of its domains. */
    Notification ofSender(Mail mail, Notification notification) {
        Map<DsnPolicy.Who, Boolean> answers = new EnumMap<>(DsnPolicy.Who.class);
        List<RecipientReport> told = notification.recipients().stream()
                .filter(about -> {
                    Route route = routeOf(about);
                    return KnownSender.mayBeTold(mail, route)
                            && answers.computeIfAbsent(
                                    policy(notification.kind(), route).who(), who -> isAmong(who, mail));
                })
                .toList();
        return new Notification(notification.kind(), told);
    }

    /** What of a notification the postmaster gets a copy of. */
    Notification ofPostmaster(Notification notification) {
        List<RecipientReport> told = notification.recipients().stream()
                .filter(about -> policy(notification.kind(), routeOf(about)).copyToPostmaster())
                .toList();
        return new Notification(notification.kind(), Notification.Addressee.POSTMASTER, told);
    }

    boolean isPostmaster(MailAddress sender) {
        return sender.equals(context.getPostmaster());
    }

    private boolean isAmong(DsnPolicy.Who who, Mail mail) {
        return switch (who) {
            case ON -> true;
            case OFF -> false;
            case LOCAL -> mail.getMaybeSender()
                    .asOptional()
                    .filter(sender -> context.isLocalServer(sender.getDomain()))
                    .isPresent();
            case AUTHENTICATED -> KnownSender.of(mail);
        };
    }

    private static DsnPolicy policy(DsnKind kind, Route route) {
        return switch (kind) {
            case FAILURE -> route.dsns().failure();
            case DELAY -> route.dsns().delay();
            case SUCCESS, DELIVERED, EXPANDED -> route.dsns().success();
            case QUEUE_FULL -> route.dsns().queueFull();
        };
    }

    private Route routeOf(RecipientReport about) {
        return routes.routeOf(about.recipient().getDomain().asString());
    }
}
