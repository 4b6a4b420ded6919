/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.jamesoutgoing.dsn.DeliveryError;
import org.jamesoutgoing.dsn.ReasonPattern;
import org.jamesoutgoing.dsn.RecipientReport;

/** Why a mail was not delivered, for whoever gets that mail next: the bounce processor, or who reads dead letters. */
final class ErrorAttributes {

    /** RemoteDelivery's: whether it was refused for good, or given up after a while. */
    private static final AttributeName IS_PERMANENT = AttributeName.of("is-delivery-permanent-error");

    private ErrorAttributes() {}

    /** RemoteDelivery's, and with ours {@code DeliveryStatusNotification} can tell as much as our own DSNs. */
    static List<Attribute> of(RecipientReport told) {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(new Attribute(
                DeliveryError.ERROR, AttributeValue.of(told.reply().orElse(told.reason()))));
        attributes.add(new Attribute(IS_PERMANENT, AttributeValue.of(told.isPermanent())));
        // RemoteDelivery leaves no code when the retries are used up, so that who looks for one finds refusals only.
        told.code()
                .filter(code -> told.isPermanent())
                .ifPresent(code -> attributes.add(new Attribute(DeliveryError.CODE, AttributeValue.of(code))));
        attributes.add(new Attribute(DeliveryError.STATUS, AttributeValue.of(told.status())));
        attributes.add(
                new Attribute(DeliveryError.DATE, AttributeValue.of(told.at().atZone(ZoneOffset.UTC))));
        told.host().ifPresent(host -> attributes.add(new Attribute(DeliveryError.HOST, AttributeValue.of(host))));
        return attributes;
    }

    /**
     * One mail for each different error: who looks at it, matchers of the bounce processor too, finds one code on it. Replies
     * that differ only by the recipient's address, by an identifier or a time are one error; the first is told.
     */
    static Collection<List<RecipientReport>> bySameError(List<RecipientReport> recipients) {
        Map<List<Object>, List<RecipientReport>> byError = new LinkedHashMap<>();
        recipients.forEach(told -> byError.computeIfAbsent(
                        List.of(told.code(), told.status(), ReasonPattern.of(told.reason()), told.isPermanent()),
                        any -> new ArrayList<>())
                .add(told));
        return byError.values();
    }
}
