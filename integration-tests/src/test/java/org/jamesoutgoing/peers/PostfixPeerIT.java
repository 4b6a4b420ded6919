/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.peers;

import java.util.regex.Pattern;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.PeerServer;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;

@NeedsPostfix
class PostfixPeerIT extends PeerContract {

    @Override
    PeerServer start(Certificate certificate) throws Exception {
        PostfixServer postfix = PostfixSetup.postfix()
                .tls(certificate)
                .with("message_size_limit", Integer.toString(MAX_SIZE))
                .start();
        postfix.answer(NOBODY, "550 5.1.1 no such user here");
        return postfix;
    }

    @Override
    Pattern connect() {
        return Pattern.compile("smtpd\\[\\d+]: connect from");
    }
}
