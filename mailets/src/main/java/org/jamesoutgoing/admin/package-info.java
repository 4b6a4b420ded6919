/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** What administrators look at and have done with mails: views, filters, ages, actions, trace, check-ups. Start reading at {@link org.jamesoutgoing.admin.QueueView} and {@link org.jamesoutgoing.admin.QueueWork}. */
package org.jamesoutgoing.admin;
