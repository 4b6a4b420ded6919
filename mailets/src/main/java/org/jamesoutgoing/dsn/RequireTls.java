/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/**
 * Whether the sender of a mail wants TLS all the way to its recipients (RFC 8689): the attribute {@code REQUIRETLS}, which James
 * sets since 3.9. There {@code true} stands for the SMTP option, {@code false} for the field {@code TLS-Required: No}, which asks
 * for less than a route without a policy asks for anyway.
 */
public final class RequireTls {

    private static final AttributeName ATTRIBUTE = AttributeName.of("REQUIRETLS");

    private RequireTls() {}

    public static boolean isAskedFor(Mail mail) {
        return mail.getAttribute(ATTRIBUTE)
                .flatMap(attribute -> attribute.getValue().valueAs(Boolean.class))
                .orElse(false);
    }

    static void ask(Mail mail) {
        mail.setAttribute(new Attribute(ATTRIBUTE, AttributeValue.of(true)));
    }
}
