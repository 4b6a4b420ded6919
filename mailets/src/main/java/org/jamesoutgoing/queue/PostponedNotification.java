/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.template.DsnKind;

/**
 * A notification that its sender is to get later: an entry of the waiting room of its own, without recipients, so that the rest of
 * its mail does not wait for it. All that one sender is to get later stand in one line ({@link ListedMail#destination()}).
 */
public final class PostponedNotification {

    /** No other identity begins so, see {@link RecordId}. */
    private static final String PREFIX = "dsn-";

    private PostponedNotification() {}

    /**
     * The entry. Its identity follows from the mail's and from what is told, so that a notification that is postponed once more
     * after a crash takes its own place.
     */
    public static MailState of(MailState state, Notification notification, Instant due) {
        return state.withRecipients(List.of())
                .withNotifications(List.of(notification))
                .withDue(due)
                .released()
                .withRecordId(new RecordId(id(state.recordId().id(), notification), 1));
    }

    public static boolean is(RecordId recordId) {
        return recordId.id().startsWith(PREFIX);
    }

    /** The line in which all that is postponed for this sender waits. */
    public static String line(MaybeSender sender) {
        return "dsn " + sender.asString().toLowerCase(Locale.ROOT);
    }

    /** A recipient fails once, and is relayed once, but may be delayed again and again. */
    private static String id(String mail, Notification notification) {
        StringBuilder told = new StringBuilder(mail).append(' ').append(notification.word());
        notification.recipients().stream()
                .map(RecipientReport::recipient)
                .map(MailAddress::asString)
                .sorted()
                .forEach(recipient -> told.append('\n').append(recipient));
        if (notification.kind() == DsnKind.DELAY) {
            notification.recipients().stream()
                    .map(RecipientReport::at)
                    .max(Instant::compareTo)
                    .ifPresent(told::append);
        }
        return PREFIX + RecordId.idOf(told.toString());
    }
}
