/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** Who is told what became of a mail, and how: DSNs into the spool, the bounce and success processors, limits against storms, dead letters. Start reading at {@link org.jamesoutgoing.notify.Notifier}. */
package org.jamesoutgoing.notify;
