/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.dsn.template.DsnKind;

/**
 * Several mails of one sender of which the same is to be told, for one DSN about all of them: against storms, which
 * would bury a sender in DSNs. RFC 3464 means one mail in each DSN, so there is no more in the fields for the mail than what
 * is true of all, and each recipient's group says which mail it is about. Nothing is returned of the originals.
 *
 * <p>Reads of each mail what it needs when it is added; the mail may be disposed of afterwards. Used by one thread.
 */
public final class MergedDsn {
    /** In octets. The fields that are read stand in front of it in all but strange mails. */
    private static final int HEADER_LIMIT = 16 * 1024;

    private final ZoneId zone;
    private final List<DsnFacts> mails = new ArrayList<>();

    MergedDsn(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * One more mail. The first one says by which host, in whose name and in which languages it is told.
     *
     * @throws IllegalArgumentException when it came from {@code <>} (RFC 5321 §6.1), or something else is to be told of it
     *     than of the first one
     */
    public void add(DsnRequest request) {
        DsnComposer.senderOf(request);
        if (!mails.isEmpty()) {
            DsnKind first = mails.get(0).request().kind();
            if (request.kind() != first) {
                throw new IllegalArgumentException(request.kind() + " in a DSN of " + first);
            }
        }
        mails.add(DsnFacts.withoutReturn(request, HEADER_LIMIT, zone));
    }

    /** About how many mails. */
    public int size() {
        return mails.size();
    }

    List<DsnFacts> mails() {
        if (mails.isEmpty()) {
            throw new IllegalArgumentException("A DSN reports at least one recipient (RFC 3464 §2)");
        }
        return mails;
    }

    /** Whether one of them needs it. */
    boolean requireTls() {
        return mails.stream().anyMatch(mail -> mail.asked().requireTls());
    }

    MailAddress sender() {
        return DsnComposer.senderOf(mails().get(0).request());
    }
}
