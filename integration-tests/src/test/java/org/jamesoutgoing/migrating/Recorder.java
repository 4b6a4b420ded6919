/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

/** Notes what comes by. */
public class Recorder extends GenericMailet {

    /**
     * A mail that came by.
     *
     * @param as what the mailet's parameter of this name says
     * @param error RemoteDelivery's attributes, {@code -} where there is none
     */
    record Recorded(String as, List<String> recipients, String error, String code, String permanent) {}

    static final List<Recorded> RECORDED = new CopyOnWriteArrayList<>();

    @Override
    public void service(Mail mail) {
        RECORDED.add(new Recorded(
                getInitParameter("as"),
                mail.getRecipients().stream()
                        .map(MailAddress::asString)
                        .sorted()
                        .toList(),
                attribute(mail, "delivery-error"),
                attribute(mail, "delivery-error-code"),
                attribute(mail, "is-delivery-permanent-error")));
    }

    private static String attribute(Mail mail, String name) {
        return mail.getAttribute(AttributeName.of(name))
                .map(attribute -> String.valueOf(attribute.getValue().value()))
                .orElse("-");
    }
}
